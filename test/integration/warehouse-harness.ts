import type { Answered, Row, RowBatch } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import { mergeBatches, type MergeResult } from '../../apps/loader/src/merge/merge-batches.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';
import { sqlFor } from '../support/portable-sql.js';
import { storedRows } from '../support/stored-rows.js';
import type { Dialect } from '../support/suites.js';

export const logger = createLogger('test', 'silent');
export const NOW = new Date('2026-03-02T00:00:00Z');
export const LATER = new Date('2026-03-03T00:00:00Z');
/** The session that most tests are about. */
export const one = uuidOf(1);

/** A warehouse of its own for each test of a suite. */
export class Warehouse {
  fresh!: FreshDatabase;
  database!: Database;

  private constructor(readonly dialect: Dialect) {}

  /** Call within `describe`. */
  static forEachTest(dialect: Dialect): Warehouse {
    const warehouse = new Warehouse(dialect);
    beforeEach(async () => {
      warehouse.fresh = await freshDatabase(dialect);
      warehouse.database = await Database.open(warehouse.fresh.settings, logger, []);
      await warehouse.database.ensureSchema();
    });
    afterEach(async () => {
      await warehouse.database.close();
      await warehouse.fresh.drop();
    });
    return warehouse;
  }

  merge(batches: RowBatch[], now = NOW): Promise<MergeResult> {
    return mergeBatches(this.database, batches, now);
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

  rows(table: string): Promise<Record<string, Row[string]>[]> {
    return storedRows(this.database, table);
  }
}

/** A session that was answered for, with its tags. */
export function tags(version: number, rows: Row[], key = one): Answered {
  return answeredOf(key, [sessionDocument(key, 'session', version, { sessions_tags: rows })]);
}
