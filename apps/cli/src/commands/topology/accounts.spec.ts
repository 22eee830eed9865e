import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { UsageError } from '../../exit-codes.js';
import { grants, managementOf, passwordsIn, vhostOf } from './accounts.js';

it('a shell reads what is to be run as it is meant, whatever the virtual host is called', () => {
  const vhost = `it's $(touch here) "mine"\\`;
  for (const grant of grants(vhost)) {
    const words = execFileSync('/bin/sh', ['-c', grant.replace('rabbitmqctl', `printf '%s\\n'`)], { encoding: 'utf8' });
    expect(words.trim().split('\n').slice(0, 3)).toEqual(['set_permissions', '-p', vhost]);
    expect(words.trim().split('\n')).toHaveLength(7);
  }
});

it.each([
  ['amqp://mq', '/'],
  ['amqp://mq/', '/'],
  ['amqp://mq/%2F', '/'],
  ['amqp://mq/the%20first', 'the first'],
  ['amqp://mq/50%', '50%'],
])('the virtual host of %s is %s', (url, vhost) => {
  expect(vhostOf(url)).toBe(vhost);
});

it('the management API is where it is told to be, else at its usual port of the broker', () => {
  expect(managementOf('amqps://ann:x@mq:5671/v', undefined).href).toBe('https://mq:15671/');
  expect(managementOf('amqp://[::1]', undefined).href).toBe('http://[::1]:15672/');
  expect(managementOf('amqp://mq', 'https://mq.example.com').href).toBe('https://mq.example.com/');
  for (const told of ['mq:15672', 'mq', 'http://', 'amqp://mq']) {
    expect(() => managementOf('amqp://mq', told)).toThrow(UsageError);
  }
});

describe('passwords', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'etl-passwords-'));
    for (const account of ['extractor', 'transformer', 'loader', 'operator']) {
      writeFileSync(path.join(folder, `amqp_${account}`), `of ${account}\n`);
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are read without the line break that editors end files with, that of monitor where there is one', () => {
    expect([...passwordsIn(folder).keys()]).toEqual(['extractor', 'transformer', 'loader', 'operator']);
    expect(passwordsIn(folder).get('loader')).toBe('of loader');
    writeFileSync(path.join(folder, 'amqp_monitor'), 'x');
    expect([...passwordsIn(folder).keys()]).toContain('monitor');
  });

  it.each(['', '\n'])('that are missing or empty (%j) are refused by their file', (text) => {
    const file = path.join(folder, 'amqp_loader');
    writeFileSync(file, text);
    expect(() => passwordsIn(folder)).toThrow(new UsageError(`${file} has to hold the password of loader`));
    rmSync(file);
    expect(() => passwordsIn(folder)).toThrow(UsageError);
  });
});
