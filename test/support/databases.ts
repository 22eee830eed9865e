import type { DatabaseSettings } from '#config';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { administerMssql, mssqlServer } from './mssql-server.js';
import { serverUrl } from './suites.js';

export interface FreshDatabase {
  readonly settings: DatabaseSettings;
  /** The same as a `DATABASE_URL`, for processes that a test starts. */
  readonly url: string;
  drop(): Promise<void>;
}

/** An empty database that no other test knows. Call `drop` in `afterEach` or `afterAll`. */
export function freshDatabase(dialect: DatabaseSettings['dialect']): Promise<FreshDatabase> {
  switch (dialect) {
    case 'sqlite':
      return Promise.resolve(freshSqlite());
    case 'postgresql':
      return freshPostgres();
    case 'mariadb':
      return freshMariadb();
    case 'mssql':
      return freshMssql();
  }
}

function freshSqlite(): FreshDatabase {
  const folder = mkdtempSync(path.join(tmpdir(), 'etl-sqlite-'));
  const file = path.join(folder, 'warehouse.sqlite');
  return {
    settings: { dialect: 'sqlite', file },
    url: `sqlite:///${file}`,
    drop: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
  };
}

/** On the server that the runner provided, or another. */
export async function freshPostgres(server = serverUrl('postgresql')): Promise<FreshDatabase> {
  const name = `etl_${randomBytes(6).toString('hex')}`;
  await administer(server, `create database ${name} encoding 'UTF8' template template0`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    settings: {
      dialect: 'postgresql',
      host: url.hostname,
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: name,
      schema: 'public',
      ssl: false,
      tlsVerify: true,
      pool: 8,
      statementTimeout: 300,
      applicationName: 'et-etl test',
    },
    url: url.href,
    drop: () => administer(server, `drop database if exists ${name} with (force)`),
  };
}

async function administer(server: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: server });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

async function freshMariadb(): Promise<FreshDatabase> {
  const name = `etl_${randomBytes(6).toString('hex')}`;
  await administerMariadb(`create database ${name}`);
  const url = new URL(serverUrl('mariadb'));
  url.pathname = `/${name}`;
  return {
    settings: {
      dialect: 'mariadb',
      host: url.hostname,
      port: Number(url.port || 3306),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: name,
      ssl: false,
      tlsVerify: true,
      pool: 8,
      statementTimeout: 300,
      applicationName: 'et-etl test',
    },
    url: url.href,
    drop: () => administerMariadb(`drop database if exists ${name}`),
  };
}

async function freshMssql(): Promise<FreshDatabase> {
  const name = `etl_${randomBytes(6).toString('hex')}`;
  await administerMssql(`create database ${name}`);
  const server = mssqlServer();
  const { url, settings } = server;
  return {
    settings: { ...settings, database: name },
    url: url.replace(/\/[^/?]*(?=\?|$)/, `/${name}`),
    drop: () => administerMssql(`drop database if exists ${name}`),
  };
}

async function administerMariadb(statement: string): Promise<void> {
  const connection = await createConnection(serverUrl('mariadb'));
  try {
    await connection.query(statement);
  } finally {
    await connection.end();
  }
}
