import type { MssqlSettings } from '#config';
import BetterSqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';
import { Connection, Request } from 'tedious';

import type { FreshDatabase } from './databases.js';

/** Runs a whole script as the database's own clients do: many statements in one text, by nothing of the loader's. */
export async function runScript({ settings, url }: FreshDatabase, script: string): Promise<void> {
  switch (settings.dialect) {
    case 'sqlite': {
      const database = new BetterSqlite(settings.file);
      try {
        database.exec(script);
      } finally {
        database.close();
      }
      return;
    }
    case 'postgresql': {
      const client = new Client({ connectionString: url });
      await client.connect();
      try {
        await client.query(script);
      } finally {
        await client.end();
      }
      return;
    }
    case 'mariadb': {
      const connection = await createConnection({ uri: url, multipleStatements: true });
      try {
        await connection.query(script);
      } finally {
        await connection.end();
      }
      return;
    }
    case 'mssql':
      return runBatch(settings, script);
  }
}

async function runBatch({ host, port, user, password, database, ssl }: MssqlSettings, script: string): Promise<void> {
  const connection = new Connection({
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: { port, database, encrypt: ssl, trustServerCertificate: true },
  });
  try {
    await new Promise<void>((resolve, reject) => connection.connect((error) => (error ? reject(error) : resolve())));
    await new Promise<void>((resolve, reject) =>
      connection.execSqlBatch(new Request(script, (error) => (error ? reject(error) : resolve()))),
    );
  } finally {
    connection.close();
  }
}
