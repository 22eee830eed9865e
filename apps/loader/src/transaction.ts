import type { SqlEntityManager } from '@mikro-orm/sql';

import type { RowWriter } from './merge/row-writer.js';

/** A value a driver takes as a real parameter; nothing is ever written into the SQL text. */
export type Param = string | number | bigint | boolean | null | Uint8Array;

/**
 * One open transaction. `em` and the SQL calls share its connection. Placeholders are the dialect's own
 * (`$1` on PostgreSQL, `?` on SQLite). Statements run one after the other: await each.
 */
export interface Transaction {
  readonly em: SqlEntityManager;
  /** Writes many rows at a time, the fast way of the dialect. */
  readonly writer: RowWriter;
  query<R extends object>(sql: string, params?: readonly Param[]): Promise<R[]>;
  /** Rows changed. */
  run(sql: string, params?: readonly Param[]): Promise<number>;
}
