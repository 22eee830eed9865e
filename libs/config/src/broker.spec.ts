import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { operatorSettings, transformerSettings } from './read-settings.js';
import { ConfigurationError, type Problem } from './problems.js';

const environment = (values: Record<string, string>) => ({ folder: '/', values, faults: {}, problems: [] });
const urlOf = (values: Record<string, string>) => transformerSettings(environment(values)).service.amqpUrl;
const problemsOf = (values: Record<string, string>): string[] => {
  try {
    urlOf(values);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return error.problems.map(({ variable, problem }: Problem) => `${variable} ${problem}`);
  }
};

describe('the way to the broker', () => {
  it('takes the password from a setting of its own, whatever signs it holds', () => {
    const AMQP_PASSWORD = 'a+b/c=%d:e@f#';
    const url = new URL(urlOf({ AMQP_URL: 'amqps://loader@mq:5671/etl', AMQP_PASSWORD }));
    expect(decodeURIComponent(url.password)).toBe(AMQP_PASSWORD);
    expect([url.protocol, url.username, url.host, url.pathname]).toEqual(['amqps:', 'loader', 'mq:5671', '/etl']);
    expect(urlOf({ AMQP_URL: 'amqp://a:b@mq' })).toBe('amqp://a:b@mq');
  });

  it('refuses two passwords, and one without a user', () => {
    expect(problemsOf({ AMQP_URL: 'amqp://a:b@mq', AMQP_PASSWORD: 'c' })).toEqual([
      'AMQP_PASSWORD is set, and AMQP_URL holds a password too',
    ]);
    expect(problemsOf({ AMQP_URL: 'amqp://mq', AMQP_PASSWORD: 'c' })).toEqual([
      'AMQP_PASSWORD is set, but AMQP_URL names no user',
    ]);
  });

  it('reads certificates, and tells what they lack', () => {
    const folder = mkdtempSync(join(tmpdir(), 'broker-'));
    const file = (name: string, label: string): string => {
      const text = `-----BEGIN ${label}-----\n`;
      writeFileSync(join(folder, name), text);
      return text;
    };
    const [ca, key] = [file('ca.pem', 'CERTIFICATE'), file('own.key', 'EC PRIVATE KEY')];
    const given = { AMQP_TLS_CA: join(folder, 'ca.pem'), AMQP_TLS_CERT: join(folder, 'ca.pem') };
    const AMQP_TLS_KEY = join(folder, 'own.key');
    const secure = { AMQP_URL: 'amqps://a:b@mq', ...given, AMQP_TLS_KEY };
    expect(transformerSettings(environment(secure)).service.amqpTls).toEqual({ ca, cert: ca, key });
    expect(problemsOf({ AMQP_URL: 'amqps://a:b@mq', ...given })).toEqual(['AMQP_TLS_CERT is set without AMQP_TLS_KEY']);
    expect(problemsOf({ ...secure, AMQP_TLS_CA: AMQP_TLS_KEY, AMQP_TLS_KEY: 'none.key' })).toEqual([
      'AMQP_TLS_CA names a file that does not hold certificates',
      'AMQP_TLS_KEY names a file that cannot be read',
      'AMQP_TLS_CERT is set without AMQP_TLS_KEY',
    ]);
    expect(problemsOf({ ...secure, AMQP_URL: 'amqp://a:b@mq' })).toContain(
      'AMQP_TLS_CA is set, but AMQP_URL begins with amqp://',
    );
    rmSync(folder, { recursive: true });
  });

  it('says whether services declare what they need', () => {
    const declares = (values: Record<string, string>) => operatorSettings(environment(values)).service.amqpDeclare;
    expect([declares({}), declares({ AMQP_DECLARE: 'false' })]).toEqual([true, false]);
  });
});
