import BetterSqlite from 'better-sqlite3';
import { createConnection } from 'mysql2/promise';
import { Client } from 'pg';

import type { FreshDatabase } from './databases.js';
import { runOnMssql } from './mssql-server.js';

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
      return runOnMssql(settings, script);
  }
}
