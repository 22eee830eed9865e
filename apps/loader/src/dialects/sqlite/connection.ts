import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { MikroORM, type EntitySchema } from '@mikro-orm/sqlite';
import BetterSqlite, { type Database as NativeDatabase } from 'better-sqlite3';
import { SqliteDialect, SqliteDriver, type DatabaseConnection } from 'kysely';

import type { SqliteSettings } from '#config';

import type { Connection } from '../connection.js';
import { holdFile } from './file-lock.js';
import { sqliteSession } from './session.js';

/** Other processes write single rows of control at most, so a lock is short; waiting blocks this process. */
const BUSY_TIMEOUT_MS = 30_000;
/** 32 MiB: a transaction writes about 10, and pages that several change are copied back once. */
const CHECKPOINT_PAGES = 8_000;

/** Opens or makes the file, refuses a second loader on it, and readies it for one writer and any number of readers. */
export async function connectSqlite({ file, beside }: SqliteSettings, entities: EntitySchema[]): Promise<Connection> {
  makeFolder(dirname(file));
  const release = beside ? () => undefined : holdFile(file);
  try {
    const native = new BetterSqlite(file, { timeout: BUSY_TIMEOUT_MS });
    native.pragma('journal_mode = wal');
    native.pragma('synchronous = full');
    native.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
    const orm = await MikroORM.init({
      dbName: file,
      driverOptions: () => new ImmediateDialect(native),
      entities,
      discovery: { warnWhenNoEntities: false },
      logger: () => undefined,
    });
    // Else MikroORM connects at its first query, and would wait for the connection that its own transaction holds.
    await orm.connect();
    const close = async (): Promise<void> => {
      await orm.close(true);
      native.close();
      release();
    };
    return { orm, isolation: undefined, session: (_trx, catalog) => sqliteSession(native, catalog), close };
  } catch (error) {
    release();
    throw error;
  }
}

/** Node's own recursive `mkdirSync` never returns where a file system takes no folders, as /proc (seen with 24.21). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have been faster.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Kysely hands SQLite's one connection to one transaction at a time. `begin immediate` takes the write lock at once:
 * a lock taken on the first write fails without waiting where another process wrote since the first read.
 */
class ImmediateDriver extends SqliteDriver {
  constructor(private readonly native: NativeDatabase) {
    super({ database: native });
  }

  override beginTransaction(_connection: DatabaseConnection): Promise<void> {
    this.native.exec('begin immediate');
    return Promise.resolve();
  }

  /** A full disk rolls back by itself; a second rollback would hide the first error. */
  override rollbackTransaction(_connection: DatabaseConnection): Promise<void> {
    if (this.native.inTransaction) this.native.exec('rollback');
    return Promise.resolve();
  }
}

class ImmediateDialect extends SqliteDialect {
  constructor(private readonly native: NativeDatabase) {
    super({ database: native });
  }

  override createDriver(): SqliteDriver {
    return new ImmediateDriver(this.native);
  }
}
