import type { EntityManager } from '@mikro-orm/sql';

/** A value a driver takes as a real parameter; nothing is ever written into the SQL text. */
export type Param = string | number | bigint | boolean | null | Uint8Array;

/**
 * One open transaction. `em` and the SQL calls share its connection. Placeholders are the dialect's own
 * (`$1` on PostgreSQL, `?` on SQLite).
 */
export interface Transaction {
  readonly em: EntityManager;
  query<R extends object>(sql: string, params?: readonly Param[]): Promise<R[]>;
  /** Rows changed. */
  run(sql: string, params?: readonly Param[]): Promise<number>;
  /**
   * Puts rows into a temporary table of that name for this transaction, typed like the named columns, the fast way
   * of the dialect (one JSON parameter, or prepared statements in a loop).
   */
  stage(name: string, columns: readonly { name: string; type: string }[], rows: readonly (readonly Param[])[]): Promise<void>;
}
