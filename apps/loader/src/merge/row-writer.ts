import type { Row } from '#contracts';

import type { StoredColumn } from '../schema/definition.js';

/** A row as one statement takes it: by column name, what is missing is null. `bytes` travel as base64 text. */
export type StoredRow = Row;

/** What a statement writes: a table, the columns the rows carry, and how a row is known again. */
export interface Target {
  readonly table: string;
  readonly columns: readonly StoredColumn[];
  readonly key: readonly string[];
}
/** A child table: the rows of one owner are a set. Its natural key may hold nulls, which equal each other. */
export interface SetTarget extends Target {
  readonly owner: StoredColumn;
}

/** Written into the loader's own columns of every row that changes; `now` is `YYYY-MM-DD HH:MM:SS.ffffff`, UTC. */
export interface Stamp {
  readonly now: string;
  readonly runId: string;
}

/**
 * What each dialect can do with many rows at a time, one statement a table. Numbers returned are rows written. Within
 * one call keys are distinct; new rows are inserted, and old ones locked, in the order of their keys.
 */
export interface RowWriter {
  /** Lets one transaction at a time past this name, until it ends. */
  serialise(name: string): Promise<void>;
  /** Inserts rows whose key is not there yet; returns the keys of those inserted. */
  insertMissing(target: Target, rows: readonly StoredRow[]): Promise<StoredRow[]>;
  /**
   * Inserts rows whose key is not there yet, locks all others until the transaction ends, and returns those as they are
   * stored: two transactions that claim the same keys take turns.
   */
  claim(target: Target, rows: readonly StoredRow[]): Promise<StoredRow[]>;
  /** Inserts or updates; equal rows are not rewritten. With a stamp the loader's own columns are set. */
  upsert(target: Target, rows: readonly StoredRow[], stamp: Stamp | null): Promise<number>;
  /** Inserts; a row that is there is replaced where the new `column` is less, compared by code point. */
  keepLeast(target: Target, column: string, rows: readonly StoredRow[]): Promise<number>;
  /** Makes the rows of these owners equal to the given ones. */
  replaceSets(target: SetTarget, owners: readonly string[], rows: readonly StoredRow[], stamp: Stamp): Promise<number>;
  /** Deletes all rows of these owners. */
  deleteSets(target: SetTarget, owners: readonly string[]): Promise<number>;
  /** Sets these columns of all rows of these owners to null; rows in which they are null already stay as they are. */
  blank(target: SetTarget, owners: readonly string[], columns: readonly string[], stamp: Stamp): Promise<number>;
  /** Deletes rows of these owners whose `id` is not among those to keep. */
  deleteOthers(target: SetTarget, owners: readonly string[], keep: readonly string[]): Promise<number>;
  /** Marks them as dropped by ET instead, where foreign keys may point to them; those marked already stay as they are. */
  markOthers(target: SetTarget, owners: readonly string[], keep: readonly string[], stamp: Stamp): Promise<number>;
  /** Which owner holds these ids now, with the version of the owner's stored root document. Marked rows nobody holds. */
  owners(
    target: SetTarget,
    entity: string,
    ids: readonly string[],
  ): Promise<{ id: string; owner: string; version: number }[]>;
  /** Marks roots as dropped by ET, or as there again; rows that are so already stay as they are. */
  mark(target: Target, ids: readonly string[], deleted: boolean, stamp: Stamp): Promise<number>;
}
