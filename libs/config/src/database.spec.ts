import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Environment } from './environment.js';
import { ConfigurationError } from './problems.js';
import { ledgerSettings } from './read-settings.js';

type Values = Environment['values'];
const PEM = '-----BEGIN CERTIFICATE-----\n';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
  writeFileSync(join(folder, 'ca.pem'), PEM);
  writeFileSync(join(folder, 'key.txt'), 's3cret');
});
afterAll(() => rmSync(folder, { recursive: true }));

const settings = (DATABASE_URL: string, more: Values = {}) =>
  ledgerSettings({ folder, values: { DATABASE_URL, ...more }, faults: {}, problems: [] }).loader.database;

/** `variable problem` of everything that is wrong. */
function problemsOf(url: string, more?: Values): string[] {
  try {
    settings(url, more);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    expect(error.message).not.toContain('s3cret');
    return error.problems.map(({ variable, problem }) => `${variable} ${problem}`);
  }
  return [];
}

const odbc = (text: string) => `mssql+pyodbc:///?odbc_connect=${encodeURIComponent(text)}`;
const server = {
  host: 'db',
  user: 'ann',
  password: 'pw',
  database: 'et',
  ssl: true,
  tlsVerify: true,
  pool: 8,
  statementTimeout: 300,
  applicationName: 'et-etl loader',
};
const postgres = { ...server, dialect: 'postgresql', port: 5432, schema: 'public' };
const mssql = { ...server, dialect: 'mssql', port: 1433, schema: 'dbo' };
const mariadb = { ...server, dialect: 'mariadb', port: 3306 };

describe('SQLite', () => {
  it.each([
    ['sqlite:///et.sqlite', 'et.sqlite'],
    ['sqlite:///data/et.sqlite?timeout=5', 'data/et.sqlite'],
  ])('%s is the file %s', (url, path) => {
    expect(settings(url)).toEqual({ dialect: 'sqlite', file: join(folder, path) });
  });

  it('may be named by an absolute path', () => {
    expect(settings('sqlite:////var/et.sqlite')).toEqual({ dialect: 'sqlite', file: '/var/et.sqlite' });
  });
});

describe('PostgreSQL', () => {
  it.each<[string, Values, object]>([
    ['postgresql+psycopg2://ann:pw@db/et', {}, {}],
    ['postgresql://ann:pw@localhost/et', {}, { host: 'localhost', ssl: false }],
    ['postgresql://ann:pw@127.0.0.2:5433/et', {}, { host: '127.0.0.2', port: 5433, ssl: false }],
    ['postgresql://ann:pw@[::1]/et', { DATABASE_TLS: 'require' }, { host: '::1' }],
    ['postgresql://ann:pw@db/et', { DATABASE_TLS: 'off' }, { ssl: false }],
    ['postgresql://ann:pw@db/et?sslmode=disable', {}, { ssl: false }],
    ['postgresql://ann:pw@db/et?sslmode=prefer', {}, {}],
    ['postgresql://ann:pw@db/et?sslmode=no-verify', {}, { tlsVerify: false }],
    ['postgresql://ann:pw@db/et?sslmode=disable', { DATABASE_TLS: 'require' }, {}],
    ['postgresql://ann:pw@db/et?sslmode=verify-full&sslrootcert=ca.pem', {}, { tlsCa: PEM }],
    ['postgresql+asyncpg://ann:pw@db/et?ssl=require', {}, {}],
    ['postgresql://ann:pw@127.0.0.1.evil.example/et', {}, { host: '127.0.0.1.evil.example' }],
    ['postgresql://ann:pw@/et?host=/run/postgresql', {}, { host: '/run/postgresql', ssl: false }],
    [
      'postgresql://ann:pw@db/et?connect_timeout=5&keepalives_idle=30&application_name=etl',
      {},
      { applicationName: 'etl' },
    ],
    [
      'postgresql://ann:pw@db/et?application_name=etl',
      { DATABASE_TLS_VERIFY: 'no', DATABASE_SCHEMA: 'crm', DATABASE_POOL: '3', DATABASE_APPLICATION_NAME: 'mine' },
      { tlsVerify: false, schema: 'crm', pool: 3, applicationName: 'mine' },
    ],
    [
      'postgresql://ann:pw@db/et',
      { DATABASE_STATEMENT_TIMEOUT: '20', DATABASE_TLS_CA: 'ca.pem' },
      { statementTimeout: 20, tlsCa: PEM },
    ],
  ])('%s with %j', (url, values, differing) => {
    expect(settings(url, values)).toEqual({ ...postgres, ...differing });
  });
});

describe('SQL Server', () => {
  it.each<[string, Values, object]>([
    ['mssql://ann:pw@db/et', {}, {}],
    ['sqlserver://ann:pw@db:1500/et', { DATABASE_SCHEMA: 'et' }, { port: 1500, schema: 'et' }],
    ['mssql+pymssql://ann:pw@localhost/et?charset=utf8', {}, { host: 'localhost', ssl: false }],
    ['mssql+pyodbc://ann:pw@.\\SQLEXPRESS/et', {}, { host: 'localhost', instance: 'SQLEXPRESS', ssl: false }],
    ['mssql+pyodbc://ann:pw@db/et?driver=ODBC+Driver+17+for+SQL+Server', {}, {}],
    [
      'mssql+pyodbc://ann:pw@db/et?driver=ODBC+Driver+18+for+SQL+Server&Encrypt=yes&TrustServerCertificate=yes&autocommit=true',
      {},
      { tlsVerify: false },
    ],
    ['mssql://ann:pw@db/et?TrustServerCertificate=yes', { DATABASE_TLS_VERIFY: 'true' }, {}],
    ['mssql://ann:pw@db/et?encrypt=strict', {}, {}],
    ['mssql://ann:pw@db/et?encrypt=optional', {}, { ssl: false }],
    ['mssql://ann:pw@localhost/et?encrypt=true', {}, { host: 'localhost' }],
    ['mssql://ann:pw@db/et?Application+Name=etl&MARS_Connection=no', {}, { applicationName: 'etl' }],
    ['mssql://ann:pw@db/et?Trusted_Connection=yes', {}, {}],
    [
      odbc('DRIVER={ODBC Driver 18 for SQL Server};SERVER=tcp:db\\inst;DATABASE=et;UID=ann;PWD=pw;APP=etl;Encrypt=no'),
      {},
      { instance: 'inst', ssl: false, applicationName: 'etl' },
    ],
    [
      odbc('Server=tcp:db,1433;Initial Catalog=et;Persist Security Info=False;User ID=ann;Password=pw;Encrypt=True;'),
      {},
      {},
    ],
    [
      'jdbc:sqlserver://db:1433;database=et;user=ann;password=pw;encrypt=true;trustServerCertificate=false;loginTimeout=30;',
      {},
      {},
    ],
  ])('%s with %j', (url, values, differing) => {
    expect(settings(url, values)).toEqual({ ...mssql, ...differing });
  });
});

describe('MariaDB and MySQL', () => {
  it.each<[string, Values, object]>([
    ['mysql+pymysql://ann:pw@db/et?charset=utf8mb4', {}, {}],
    ['mariadb://ann:pw@db:3307/et', {}, { port: 3307 }],
    ['mysql://ann:pw@127.0.0.1/et', {}, { host: '127.0.0.1', ssl: false }],
    ['mysql://ann:pw@db/et?ssl_disabled=true', {}, { ssl: false }],
    ['mysql://ann:pw@db/et?ssl-mode=VERIFY_IDENTITY&ssl_ca=ca.pem', {}, { tlsCa: PEM }],
    ['mysql://ann:pw@localhost/et?ssl_ca=ca.pem', {}, { host: 'localhost', tlsCa: PEM }],
    ['mysql://ann:pw@db/et?ssl_verify_cert=false', {}, { tlsVerify: false }],
    ['mysql://ann:pw@localhost/et?unix_socket=/run/mysqld.sock', {}, { host: '/run/mysqld.sock', ssl: false }],
    ['mysql://ann:pw@db/et?connect_timeout=5&autocommit=true&program_name=etl', {}, { applicationName: 'etl' }],
  ])('%s with %j', (url, values, differing) => {
    expect(settings(url, values)).toEqual({ ...mariadb, ...differing });
  });
});

it('takes the password from a setting of its own, where the URL holds none', () => {
  expect(settings('postgresql://ann@db/et', { DATABASE_PASSWORD: 'p@ss' })).toMatchObject({ password: 'p@ss' });
});

describe('what is wrong is told', () => {
  it.each<[string, Values, string[]]>([
    ['s3cret', {}, ['DATABASE_URL is no database URL']],
    ['postgresql://ann:s3cret@/et', {}, ['DATABASE_URL lacks a host']],
    ['mssql+pyodbc://ann:s3cret@dsn', {}, ['DATABASE_URL lacks a database']],
    ['mysql://db', {}, ['DATABASE_URL lacks a user and a database']],
    [
      'mysql://ann:s3cret@db/et',
      { DATABASE_PASSWORD: 's3cret' },
      ['DATABASE_PASSWORD is set, and DATABASE_URL holds a password too'],
    ],
    ['postgresql://ann:s3cret@db/et?sslmode=s3cret', {}, ['DATABASE_URL has an unknown sslmode']],
    ['mssql://ann:s3cret@db/et?Encrypt=s3cret', {}, ['DATABASE_URL has an unknown encrypt']],
    [
      'postgresql://ann:s3cret@db?options=-csearch_path%3Ds3cret&sslcert=c&constructor=x',
      {},
      [
        'DATABASE_URL has options that are not understood: options, sslcert, constructor',
        'DATABASE_URL lacks a database',
      ],
    ],
    [
      'postgresql://ann:pw@db/et?/s3cret',
      {},
      ['DATABASE_URL has options that are not understood: one without a proper name'],
    ],
    ['mysql://ann:s3cret@db/et?init_command=x', {}, ['DATABASE_URL has options that are not understood: init_command']],
    [
      'mssql+pyodbc://@db/et?driver=x&Trusted_Connection=yes',
      {},
      ['DATABASE_URL asks for a login by Windows, but the loader knows SQL logins alone'],
    ],
    [
      odbc('SERVER=db;DATABASE=et;UID=ann;PWD=s3cret;Authentication=ActiveDirectoryPassword'),
      {},
      ['DATABASE_URL asks for a login by Microsoft Entra, but the loader knows SQL logins alone'],
    ],
    [
      'mysql://ann:s3cret@db/et',
      { DATABASE_SCHEMA: 'crm' },
      ['DATABASE_SCHEMA is set, but the tables of MariaDB and MySQL are in no schema of a database'],
    ],
    [
      'sqlite:///et.sqlite',
      { DATABASE_SCHEMA: 'crm', DATABASE_STATEMENT_TIMEOUT: '0' },
      [
        'DATABASE_STATEMENT_TIMEOUT is "0"',
        'DATABASE_SCHEMA is set, but the tables of SQLite are in no schema of a database',
      ],
    ],
    [
      'postgresql://ann:s3cret@db/et',
      { DATABASE_TLS_CA: 'nowhere.pem', DATABASE_APPLICATION_NAME: 'Завантажувач' },
      [
        'DATABASE_APPLICATION_NAME is a text of 12 characters',
        'DATABASE_TLS_CA names a file of certificates that cannot be read',
      ],
    ],
    ['postgresql://ann:s3cret@db/et?sslrootcert=key.txt', {}, ['DATABASE_URL names a file that holds no certificate']],
  ])('%s with %j', (url, values, problems) => {
    expect(problemsOf(url, values)).toEqual(problems);
  });
});
