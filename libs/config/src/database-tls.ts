import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { resolve } from 'node:path';

import type { AskedOptions } from './database-options.js';
import type { Environment } from './environment.js';
import { anyText, oneOf, yesOrNo } from './rules.js';
import { take, type Report } from './schema.js';
import type { PostgresSettings } from './settings.js';

type Tls = Pick<PostgresSettings, 'ssl' | 'tlsVerify' | 'tlsCa'>;

/** Reads the settings of TLS. What it gives decides for a host, where the settings leave that to the URL's options. */
export function tlsSettings(environment: Environment, report: Report): (host: string, asked: AskedOptions) => Tls {
  const encrypt = take(environment, 'DATABASE_TLS', oneOf('require', 'off'), report);
  const verify = take(environment, 'DATABASE_TLS_VERIFY', yesOrNo, report);
  const caFile = take(environment, 'DATABASE_TLS_CA', anyText, report);
  const authorities = (file: string): string | undefined =>
    readAuthorities(resolve(environment.folder, file), (problem) => {
      const variable = caFile === undefined ? 'DATABASE_URL' : 'DATABASE_TLS_CA';
      report({ variable, problem, mend: 'name a file of certificates in PEM form' });
    });
  return (host, asked) => {
    const file = caFile ?? asked.caFile;
    const tlsCa = file === undefined ? undefined : authorities(file);
    return {
      ssl: encrypt === undefined ? (asked.encrypt ?? (file !== undefined || !isLocal(host))) : encrypt === 'require',
      tlsVerify: verify ?? asked.verify ?? true,
      ...(tlsCa === undefined ? {} : { tlsCa }),
    };
  };
}

function readAuthorities(file: string, tell: (problem: string) => void): string | undefined {
  try {
    const text = readFileSync(file, 'utf8');
    if (!text.includes('-----BEGIN CERTIFICATE-----')) tell('names a file that holds no certificate');
    return text;
  } catch {
    tell('names a file of certificates that cannot be read');
    return undefined;
  }
}

/** This machine: nobody can listen between. */
function isLocal(host: string): boolean {
  if (host === 'localhost' || host.startsWith('/')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
