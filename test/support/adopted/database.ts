import type { Entity, Row, RowBatch, RowDocument } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../../apps/loader/src/database.js';
import { dialectOf } from '../../../apps/loader/src/dialects/dialects.js';
import { ledgerEntities } from '../../../apps/loader/src/ledger/rows.js';
import { mergeBatches, type MergeResult } from '../../../apps/loader/src/merge/merge-batches.js';
import { readCatalog, type Catalog } from '../../../apps/loader/src/schema/catalog.js';
import { freshDatabase, type FreshDatabase } from '../databases.js';
import { answeredOf, batchOf, itemDocument, sessionDocument } from '../row-batches.js';
import { storedRows } from '../stored-rows.js';
import type { Dialect } from '../suites.js';
import { adoptedSchema, customerSchema, quoted } from './ddl.js';
import { adoptedInserts, kept } from './rows.js';

type Cells = Record<string, Row[string]>;

const logger = createLogger('test', 'silent');
const NOW = new Date('2026-03-02T00:00:00Z');

/** For each test of a suite a database that the original made and filled, and the loader has not seen yet. */
export class AdoptedDatabase {
  fresh!: FreshDatabase;
  database!: Database;

  private constructor(readonly dialect: Dialect) {}

  /** Call within `describe`. */
  static forEachTest(dialect: Dialect): AdoptedDatabase {
    const adopted = new AdoptedDatabase(dialect);
    beforeEach(async () => {
      adopted.fresh = await freshDatabase(dialect);
      adopted.database = await Database.open(adopted.fresh.settings, logger, ledgerEntities);
      await adopted.run(...adoptedSchema(dialect), ...adoptedInserts(dialect), ...customerSchema(dialect));
    });
    afterEach(async () => {
      await adopted.database.close();
      await adopted.fresh.drop();
    });
    return adopted;
  }

  async run(...statements: string[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (const statement of statements) await tx.run(statement);
    });
  }

  query<R extends object>(sql: string): Promise<R[]> {
    return this.database.transaction((tx) => tx.query<R>(sql));
  }

  catalog(): Promise<Catalog> {
    const grammar = dialectOf(this.dialect).grammar(this.fresh.settings);
    return this.database.transaction((tx) => readCatalog(tx, grammar));
  }

  merge(batch: RowBatch): Promise<MergeResult> {
    return mergeBatches(this.database, [batch], NOW);
  }

  /** What ET says of the session that the original knew. */
  mergeSession(
    version: number,
    rows: Record<string, Row[]>,
    document: Exclude<RowDocument['document'], 'item'> = 'session',
  ): Promise<MergeResult> {
    return this.merge(batchOf([answeredOf(kept, [sessionDocument(kept, document, version, rows)])]));
  }

  mergeItem(
    entity: Exclude<Entity, 'session'>,
    version: number,
    id: number,
    rows: Record<string, Row[]>,
  ): Promise<MergeResult> {
    return this.merge(batchOf([answeredOf(String(id), [itemDocument(entity, version, rows)])], { entity }));
  }

  async rows(table: string): Promise<Cells[]> {
    return (await storedRows(this.database, table)).map(withHyphens);
  }

  /** Rows of the session that ET still has. */
  async keptRows(table: string): Promise<Cells[]> {
    return (await this.rows(table)).filter((row) => row['session_id'] === kept || row['id'] === kept);
  }

  async ids(table: string, where = '1 = 1'): Promise<number[]> {
    const sql = `select id from ${quoted(this.dialect, table)} where ${where} order by id`;
    return (await this.query<{ id: number }>(sql)).map(({ id }) => Number(id));
  }

  /** Ids of the rows that carry a mark. */
  async marked(table: string, mark: '_etl_placeholder' | '_etl_deleted_at'): Promise<Row[string][]> {
    const found = await this.query<Cells>(`select id, ${mark} as mark from ${quoted(this.dialect, table)} order by id`);
    return found.filter((row) => Boolean(row['mark'])).map((row) => withHyphens(row)['id'] ?? null);
  }
}

/** Servers and columns write UUIDs each in their way. */
function withHyphens(row: Cells): Cells {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'string' ? uuidText(value) : value]),
  );
}

function uuidText(value: string): string {
  const digits = value.replaceAll('-', '').toLowerCase();
  if (!/^[\da-f]{32}$/.test(digits)) return value;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
