import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serversNamedIn } from './needs.js';
import { servedDialects } from './suites.js';

describe('which servers spec files need', () => {
  let folder: string;
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };

  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'etl-needs-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is what their suites name', () => {
    const specs = [
      file('a.spec.ts', "describeWith('rabbitmq', 'messages', tests)"),
      file('b.spec.ts', "const dialects = ['sqlite', 'mariadb'];\ndescribeWith(dialect, 'rows', tests)"),
      file('c.spec.ts', "describe('says postgresql', () => it.each(['postgresql']))"),
    ];
    expect(serversNamedIn(specs)).toEqual(['rabbitmq', 'mariadb']);
  });

  it('is also what the files name that they import from beside them', () => {
    file('suite.ts', "import './nothing.js';\nimport { more } from './more.js';");
    file('more.ts', "import { again } from './suite.js';\ndescribeWith('postgresql', 'rows', tests)");
    expect(serversNamedIn([file('a.spec.ts', "import { suite } from './suite.js';")])).toEqual(['postgresql']);
  });

  it('is all that dialects have where a suite is for every dialect', () => {
    const spec = file('a.spec.ts', "describeDialects('rows', tests)");
    expect(serversNamedIn([spec])).toEqual([...servedDialects]);
  });
});
