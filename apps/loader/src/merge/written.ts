import type { Transaction } from '../transaction.js';
import type { DeleteChoice } from './tombstones.js';

/** Rows written, by table. */
export type Written = Map<string, number>;

export function add(written: Written, table: string, rows: number): void {
  written.set(table, (written.get(table) ?? 0) + rows);
}

/** The transaction that rows are written in. */
export interface Writing {
  readonly tx: Transaction;
  readonly now: string;
  readonly written: Written;
  /** Tables that foreign keys of an adopted database point to; own tables have none. */
  readonly referenced: ReadonlySet<string>;
  readonly deletes: DeleteChoice;
}
