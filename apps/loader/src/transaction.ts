import type { SqlEntityManager } from '@mikro-orm/sql';

import type { RowWriter } from './merge/row-writer.js';
import type { Catalog } from './schema/catalog.js';

/** A value a driver takes as a real parameter; nothing is ever written into the SQL text. */
export type Param = string | number | bigint | boolean | null | Uint8Array;

/**
 * One open transaction. `em` and the SQL calls share its connection. Placeholders are the dialect's own
 * (`$1` on PostgreSQL, `@1` on SQL Server, `?` elsewhere). Statements run one after the other: await each.
 */
export interface Transaction {
  readonly em: SqlEntityManager;
  /** What the tables were when the loader started, or after it brought them up to date. */
  readonly catalog: Catalog;
  /** Writes many rows at a time, the fast way of the dialect. */
  readonly writer: RowWriter;
  query<R extends object>(sql: string, params?: readonly Param[]): Promise<R[]>;
  /** Locks a name until the transaction ends: there only where a server may not keep rows locked that a query asked for. */
  lockName?(name: string): Promise<void>;
  /** Rows changed. */
  run(sql: string, params?: readonly Param[]): Promise<number>;
}
