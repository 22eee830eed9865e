import { resolve } from 'node:path';

import { readOptions, type AskedOptions } from './database-options.js';
import { tlsSettings } from './database-tls.js';
import { DatabaseUrlError } from './database-url-error.js';
import { parseDatabaseUrl, type DatabaseUrl, type ServerUrl } from './database-url.js';
import type { Environment } from './environment.js';
import { anyText, whole } from './rules.js';
import { reader, take, type Report, type Rule } from './schema.js';
import type { DatabaseSettings } from './settings.js';

const FILE = 'data/ender-turing.sqlite';
const schemaName: Rule<string> = {
  read: (text) => (/^[\p{L}_][\p{L}\p{N}_$]{0,62}$/u.test(text.trim()) ? text.trim() : undefined),
  mend: 'set a name of letters, digits and _, at most 63 long',
};
const applicationName: Rule<string> = {
  read: (text) => (/^[\x20-\x7e]{1,63}$/.test(text.trim()) ? text.trim() : undefined),
  mend: 'set at most 63 letters, digits and signs of ASCII',
};
const servers = {
  postgresql: { port: 5432, schema: 'public', url: 'postgresql://user:password@host:5432/database' },
  mssql: { port: 1433, schema: 'dbo', url: 'mssql://user:password@host:1433/database' },
  mariadb: { port: 3306, schema: undefined, url: 'mysql://user:password@host:3306/database' },
} as const;

/** The database, with every problem of its settings. Without `DATABASE_URL` a SQLite file. */
export const database = reader((environment: Environment, report: Report): DatabaseSettings | undefined => {
  const pool = take(environment, 'DATABASE_POOL', whole(1, 200), report) ?? 8;
  const schema = take(environment, 'DATABASE_SCHEMA', schemaName, report);
  const statementTimeout = take(environment, 'DATABASE_STATEMENT_TIMEOUT', whole(1, 86_400), report) ?? 300;
  const ownName = take(environment, 'DATABASE_APPLICATION_NAME', applicationName, report);
  const tlsOf = tlsSettings(environment, report);
  const text = take(environment, 'DATABASE_URL', anyText, report);
  if (environment.faults.DATABASE_URL) return undefined;
  const tell: Tell = (problem, mend) => report({ variable: 'DATABASE_URL', problem, mend });
  const url = text === undefined ? ({ dialect: 'sqlite', file: FILE } as const) : parse(text, tell);
  if (!url) return undefined;
  if (schema !== undefined) mayHaveSchema(url, report);
  if (url.dialect === 'sqlite') return { dialect: 'sqlite', file: resolve(environment.folder, url.file) };

  const asked = readOptions(url, tell);
  const { dialect, instance, port = servers[dialect].port, user, password, database: name } = url;
  const host = asked.socket ?? url.host;
  tellLacking({ ...url, host }, asked, tell);
  const ownPassword = take(environment, 'DATABASE_PASSWORD', anyText, report);
  if (ownPassword !== undefined && password !== '') {
    const problem = 'is set, and DATABASE_URL holds a password too';
    report({ variable: 'DATABASE_PASSWORD', problem, mend: 'keep only one of the two' });
  }
  const server = {
    ...{ host, port, user, password: ownPassword ?? password, database: name },
    ...tlsOf(host, asked),
    ...{ pool, statementTimeout, applicationName: ownName ?? asked.applicationName ?? 'et-etl loader' },
  };
  switch (dialect) {
    case 'postgresql':
      return { dialect, ...server, schema: schema ?? servers[dialect].schema };
    case 'mssql':
      return { dialect, ...server, schema: schema ?? servers[dialect].schema, ...(instance ? { instance } : {}) };
    case 'mariadb':
      return { dialect, ...server };
  }
});

type Tell = (problem: string, mend: string) => void;

function parse(text: string, tell: Tell): DatabaseUrl | undefined {
  try {
    return parseDatabaseUrl(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    tell(error.message, error.mend);
    return undefined;
  }
}

function mayHaveSchema({ dialect }: DatabaseUrl, report: Report): void {
  const without = { sqlite: 'SQLite', mariadb: 'MariaDB and MySQL', postgresql: undefined, mssql: undefined }[dialect];
  if (!without) return;
  const problem = `is set, but the tables of ${without} are in no schema of a database`;
  report({ variable: 'DATABASE_SCHEMA', problem, mend: 'leave it out' });
}

function tellLacking({ dialect, host, user, database: name }: ServerUrl, { login }: AskedOptions, tell: Tell): void {
  const mend = `write ${servers[dialect].url}`;
  if (login === 'Microsoft Entra' || (login && !user)) {
    tell(`asks for a login by ${login}, but the loader knows SQL logins alone`, `create one, and ${mend}`);
    return;
  }
  const lacking = [...(host ? [] : ['a host']), ...(user ? [] : ['a user']), ...(name ? [] : ['a database'])];
  if (lacking.length > 0) tell(`lacks ${lacking.join(' and ')}`, mend);
}
