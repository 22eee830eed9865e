import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readEnvironment } from './environment.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = (name: string, content: string | Uint8Array) => {
  writeFileSync(join(folder, name), content);
};

describe('readEnvironment', () => {
  it('finds the names of the original script in either case of letters', () => {
    expect(readEnvironment({ et_user: 'ann', ET_DOMAIN: 'x.y' }, folder).values).toEqual({
      ET_USER: 'ann',
      ET_DOMAIN: 'x.y',
    });
  });

  it('lets the process win over .env, even by an empty value', () => {
    file('.env', 'ET_USER=bob\net_password=b\nET_TOKEN=t\n');
    expect(readEnvironment({ et_user: 'ann', ET_TOKEN: '' }, folder).values).toEqual({
      ET_USER: 'ann',
      ET_PASSWORD: 'b',
    });
  });

  it('does without a .env', () => {
    expect(readEnvironment({}, folder)).toEqual({ folder, values: {}, faults: {}, problems: [] });
  });

  it('tells two spellings that differ', () => {
    const { faults } = readEnvironment({ ET_USER: 'ann', et_user: 'bob' }, folder);
    expect(faults.ET_USER).toMatchObject({ variable: 'ET_USER', problem: 'differs from et_user' });
  });

  it('reads secrets from files, relative to the folder, without the last line break', () => {
    file('pw', ' s3cret \n');
    expect(readEnvironment({ et_password_file: 'pw' }, folder).values).toEqual({ ET_PASSWORD: ' s3cret ' });
  });

  it('lets the file of the process win over the value of .env', () => {
    file('pw', 'new');
    file('.env', 'ET_PASSWORD=old');
    expect(readEnvironment({ ET_PASSWORD_FILE: join(folder, 'pw') }, folder).values).toEqual({ ET_PASSWORD: 'new' });
  });

  it('ignores _FILE where a setting is no secret', () => {
    expect(readEnvironment({ ET_CONCURRENCY_FILE: 'x' }, folder).values).toEqual({});
  });

  it.each([
    ['a value and a file', { ET_TOKEN: 's3cret', ET_TOKEN_FILE: 'pw' }, 'is set, and ET_TOKEN_FILE too'],
    ['a file that is not there', { ET_TOKEN_FILE: 'nowhere' }, 'names a file that cannot be read (ENOENT)'],
    ['a folder', { ET_TOKEN_FILE: '.' }, 'names a file that cannot be read (EISDIR)'],
    ['an empty file', { ET_TOKEN_FILE: 'empty' }, 'names an empty file'],
  ])('tells %s', (_, variables, problem) => {
    file('pw', 's3cret');
    file('empty', '\n');
    const { values, faults } = readEnvironment(variables, folder);
    expect(values).toEqual({});
    expect(faults.ET_TOKEN?.problem).toBe(problem);
  });

  it('tells a .env that is no text', () => {
    file('.env', new Uint8Array([0xff, 0xfe, 0x41]));
    expect(readEnvironment({}, folder).problems).toMatchObject([{ variable: '.env', problem: 'is not UTF-8 text' }]);
  });
});
