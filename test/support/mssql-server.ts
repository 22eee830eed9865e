import { setTimeout as pause } from 'node:timers/promises';
import { Connection, Request } from 'tedious';
import { parseDatabaseUrl, type MssqlSettings } from '#config';
import { serverUrl } from './suites.js';

/** The server of `TEST_MSSQL_URL`, with the settings of a loader on the database it names. */
export function mssqlServer(): { url: string; settings: MssqlSettings } {
  const url = serverUrl('mssql');
  return { url, settings: mssqlSettings(url) };
}

/** The settings of a loader on the database that an `mssql://` address names. */
export function mssqlSettings(url: string): MssqlSettings {
  const server = parseDatabaseUrl(url);
  if (server.dialect !== 'mssql') throw new Error('this is no mssql:// address');
  const { host, port = 1433, user, password, database, options } = server;
  return {
    dialect: 'mssql',
    host,
    port,
    user,
    password,
    database,
    schema: 'dbo',
    ssl: !['no', 'false', 'disable'].includes(options['encrypt'] ?? ''),
    tlsVerify: !['yes', 'true'].includes(options['trustservercertificate'] ?? ''),
    pool: 8,
    statementTimeout: 300,
    applicationName: 'et-etl test',
  };
}

const TRIES = 20;

/** Runs a statement beside all databases of tests. Some endpoints make or drop one database at a time. */
export async function administerMssql(statement: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await runOnMssql(mssqlServer().settings, statement);
      return;
    } catch (error) {
      if (attempt === TRIES) throw error;
      await pause(100 * attempt);
    }
  }
}

/** Runs a batch, in the database that the settings name. */
export async function runOnMssql(settings: MssqlSettings, batch: string): Promise<void> {
  const { query, close } = await openMssql(settings);
  try {
    await query(batch);
  } finally {
    await close();
  }
}

export interface MssqlConnection {
  /** The rows of a batch as the driver gives them: large integers as texts, UUIDs in lower case. */
  query(batch: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/** A connection of the tests' own to the database that the settings name. */
export async function openMssql(settings: MssqlSettings): Promise<MssqlConnection> {
  const { host, port, user, password, database, ssl, tlsVerify } = settings;
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      port,
      database,
      encrypt: ssl,
      trustServerCertificate: !tlsVerify,
      requestTimeout: 120_000,
      lowerCaseGuids: true,
    },
  });
  const connected = Promise.withResolvers<void>();
  connection.connect((error) => (error ? connected.reject(error) : connected.resolve()));
  await connected.promise;
  const ended = Promise.withResolvers<void>();
  connection.once('end', () => ended.resolve());
  return {
    query: async (batch) => {
      const rows: Record<string, unknown>[] = [];
      const done = Promise.withResolvers<void>();
      const request = new Request(batch, (error) => (error ? done.reject(error) : done.resolve()));
      request.on('row', (columns: MssqlCell[]) =>
        rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value]))),
      );
      connection.execSqlBatch(request);
      await done.promise;
      return rows;
    },
    close: () => {
      connection.close();
      return ended.promise;
    },
  };
}

interface MssqlCell {
  readonly metadata: { readonly colName: string };
  readonly value: unknown;
}
