import { isIP } from 'node:net';
import { resolve } from 'node:path';

import { DatabaseUrlError, parseDatabaseUrl, type DatabaseUrl, type ServerDialect } from './database-url.js';
import type { Environment } from './environment.js';
import { oneOf, whole, yesOrNo } from './rules.js';
import { reader, take, type Report, type Rule } from './schema.js';
import type { DatabaseSettings } from './settings.js';

const FILE = 'data/ender-turing.sqlite';
const tls = oneOf('require', 'off');
/** libpq's words; those that would fall back to plain text in silence are taken as `require`. */
const sslmodes: Readonly<Record<string, 'require' | 'off'>> = {
  disable: 'off',
  allow: 'require',
  prefer: 'require',
  require: 'require',
  'verify-ca': 'require',
  'verify-full': 'require',
};
const schema: Rule<string> = {
  read: (text) => (/^[\p{L}_][\p{L}\p{N}_$]{0,62}$/u.test(text.trim()) ? text.trim() : undefined),
  mend: 'set a name of letters, digits and _, at most 63 long',
};
const later: Readonly<Record<Exclude<ServerDialect, 'postgresql'>, string>> = {
  mssql: 'SQL Server',
  mysql: 'MySQL',
  mariadb: 'MariaDB',
};

/** The database, with every problem of its settings. Without `DATABASE_URL` a SQLite file. */
export const database = reader((environment: Environment, report: Report): DatabaseSettings | undefined => {
  const pool = take(environment, 'DATABASE_POOL', whole(1, 200), report) ?? 8;
  const schemaName = take(environment, 'DATABASE_SCHEMA', schema, report) ?? 'public';
  const encrypt = take(environment, 'DATABASE_TLS', tls, report);
  const tlsVerify = take(environment, 'DATABASE_TLS_VERIFY', yesOrNo, report) ?? true;
  const text = take(environment, 'DATABASE_URL', { read: (value) => value, mend: '' }, report);
  if (environment.faults.DATABASE_URL) return undefined;
  const url = text === undefined ? ({ dialect: 'sqlite', file: FILE } as const) : parse(text, report);
  if (!url) return undefined;
  if (url.dialect === 'sqlite') return { dialect: 'sqlite', file: resolve(environment.folder, url.file) };
  if (url.dialect !== 'postgresql') {
    const problem = `names ${later[url.dialect]}, which this version cannot load yet`;
    report({ variable: 'DATABASE_URL', problem, mend: 'use PostgreSQL or SQLite until it can' });
    return undefined;
  }
  const { host, options } = socketOf(url);
  const ssl = (encrypt ?? sslmodes[options['sslmode'] ?? ''] ?? (isLocal(host) ? 'off' : 'require')) === 'require';
  const { port = 5432, user, password, database: name } = url;
  if (!complete({ host, user, name, options }, report)) return undefined;
  return {
    dialect: 'postgresql',
    host,
    port,
    user,
    password,
    database: name,
    schema: schemaName,
    ssl,
    tlsVerify,
    pool,
    statementTimeout: 300,
  };
});

function parse(text: string, report: Report): DatabaseUrl | undefined {
  try {
    return parseDatabaseUrl(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    report({ variable: 'DATABASE_URL', problem: error.message, mend: error.mend });
    return undefined;
  }
}

/** SQLAlchemy and libpq name a socket's folder by `?host=/var/run/postgresql`. */
function socketOf(url: Exclude<DatabaseUrl, { dialect: 'sqlite' }>): { host: string; options: Record<string, string> } {
  const { host, ...options } = url.options;
  return { host: url.host || (host ?? ''), options };
}

function complete(
  { host, user, name, options }: { host: string; user: string; name: string; options: Record<string, string> },
  report: Report,
): boolean {
  const lacking = [...(host ? [] : ['a host']), ...(user ? [] : ['a user']), ...(name ? [] : ['a database'])];
  const mend = 'write postgresql://user:password@host:5432/database';
  if (lacking.length > 0) report({ variable: 'DATABASE_URL', problem: `lacks ${lacking.join(' and ')}`, mend });
  const strange = Object.keys(options).filter((option) => option !== 'sslmode');
  if (strange.length > 0) {
    const problem = `has options that are not understood: ${strange.join(', ')}`;
    report({ variable: 'DATABASE_URL', problem, mend: 'leave them out; sslmode is the only one' });
  }
  const unknownMode = options['sslmode'] !== undefined && !(options['sslmode'] in sslmodes);
  if (unknownMode) {
    const modes = Object.keys(sslmodes).join(', ');
    report({ variable: 'DATABASE_URL', problem: 'has an unknown sslmode', mend: `use one of ${modes}` });
  }
  return lacking.length === 0 && strange.length === 0 && !unknownMode;
}

/** This machine: nobody can listen between. */
function isLocal(host: string): boolean {
  if (host === 'localhost' || host.startsWith('/')) return true;
  return isIP(host) === 4 ? host.startsWith('127.') : host === '::1';
}
