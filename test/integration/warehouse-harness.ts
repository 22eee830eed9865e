import type { Answered, Row, RowBatch } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches, type MergeResult } from '../../apps/loader/src/merge/merge-batches.js';
import type { DeleteChoice } from '../../apps/loader/src/merge/tombstones.js';
import { storedTables } from '../../apps/loader/src/schema/definition.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { sqlFor } from '../support/portable-sql.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { storedRows } from '../support/stored-rows.js';
import type { Dialect } from '../support/suites.js';

import.meta.jest.setTimeout(60_000);

export const logger = createLogger('test', 'silent');
export const NOW = new Date('2026-03-02T00:00:00Z');
export const LATER = new Date('2026-03-03T00:00:00Z');
/** The session that most tests are about. */
export const one = uuidOf(1);

/** A warehouse made for a suite, and empty at the beginning of each of its tests. */
export class Warehouse {
  fresh!: FreshDatabase;
  database!: Database;

  private constructor(readonly dialect: Dialect) {}

  /** Call within `describe`. `found` are statements that made what the loader finds there. */
  static forEachTest(dialect: Dialect, found: readonly string[] = []): Warehouse {
    const warehouse = new Warehouse(dialect);
    beforeAll(async () => {
      warehouse.fresh = await freshDatabase(dialect);
      warehouse.database = await Database.open(warehouse.fresh.settings, logger, []);
      await warehouse.run(...found);
      await warehouse.database.ensureSchema();
    });
    beforeEach(() => warehouse.empty());
    afterAll(async () => {
      await warehouse.database.close();
      await warehouse.fresh.drop();
    });
    return warehouse;
  }

  /** Another loader over the same database. SQLite has one loader at most: there it is the same. */
  async withAnother<T>(work: (database: Database) => Promise<T>): Promise<T> {
    if (this.dialect === 'sqlite') return work(this.database);
    const another = await Database.open(this.fresh.settings, logger, []);
    try {
      await another.learnCatalog();
      return await work(another);
    } finally {
      await another.close();
    }
  }

  async empty(): Promise<void> {
    await this.run(...storedTables.map(({ name }) => `delete from "${name}"`));
  }

  merge(batches: readonly RowBatch[], now = NOW, deletes?: DeleteChoice): Promise<MergeResult> {
    return mergeBatches(this.database, batches, now, deletes);
  }

  mergeOne(answered: Answered[], now = NOW): Promise<MergeResult> {
    return this.merge([batchOf(answered)], now);
  }

  /** Standard SQL, without parameters. */
  query<R extends object>(sql: string): Promise<R[]> {
    return this.database.transaction((tx) => tx.query<R>(sqlFor(this.dialect, sql)));
  }

  /** Standard SQL, all in one transaction. Rows changed by the last. */
  run(...statements: string[]): Promise<number> {
    return this.database.transaction(async (tx) => {
      let changed = 0;
      for (const sql of statements) changed = await tx.run(sqlFor(this.dialect, sql));
      return changed;
    });
  }

  /** Every row of every table, ids of the database's own making left out. */
  everything(): Promise<Record<string, string[]>> {
    return this.database.transaction(async (tx) => {
      const tables: Record<string, string[]> = {};
      for (const { name, identity } of storedTables) {
        const rows = await tx.query<{ id?: unknown }>(sqlFor(this.dialect, `select * from "${name}"`));
        tables[name] = rows.map((row) => JSON.stringify(identity ? { ...row, id: undefined } : row)).sort();
      }
      return tables;
    });
  }

  rows(table: string): Promise<Record<string, Row[string]>[]> {
    return storedRows(this.database, table);
  }
}

/** A session that was answered for, with its tags. */
export function tags(version: number, rows: Row[], key = one): Answered {
  return answeredOf(key, [sessionDocument(key, 'session', version, { sessions_tags: rows })]);
}
