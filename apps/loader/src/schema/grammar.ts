import type { FoundIndex } from './catalog.js';
import type { StoredColumn, StoredIndex, StoredTable } from './definition.js';

/**
 * How a dialect says what the schema needs. All are pure. Where the dialect can say so, a statement is harmless when it
 * is run again.
 */
export interface Grammar {
  createTable(table: StoredTable): string;
  addColumn(table: StoredTable, column: StoredColumn): string;
  createIndex(table: StoredTable, index: StoredIndex): string;
  /** Creates or replaces it and keeps what was granted on it; run in order. */
  createView(name: string, select: string): readonly string[];
  /** Drops a unique key, constraint or mere index; empty where the dialect cannot. */
  dropKey(table: string, key: FoundIndex): readonly string[];
  quote(name: string): string;
  /** A table's or view's name as statements outside the loader's own connections need it. */
  qualified(name: string): string;
  /** Run first, so that one replica at a time passes. A row with a `locked` of 0 or null tells that it did not. */
  readonly lock: readonly string[];
  /** Run last, whatever happened, where the lock outlives the transaction. */
  readonly unlock: readonly string[];
  readonly script: {
    readonly opening: readonly string[];
    readonly closing: readonly string[];
    /** A new column or index as a script says it, where only several statements make it harmless to run again. */
    guard?(change: NewPart, statement: string): readonly string[];
    /** Told in a script that has new columns, where nothing makes those harmless to add again. */
    readonly caution?: string;
  };
  /** Queries that list what is there; catalog.ts has the form of their rows. Only foreign keys of one column count. */
  readonly catalog: {
    readonly columns: string;
    /** One row a column of an index, in the index's order. */
    readonly indexes: string;
    readonly foreignKeys: string;
    /** One row a column of a view, in its order; one row a view where replacing does not mind columns that move. */
    readonly views: string;
  };
}

/** What a table that stands already may lack. */
export type NewPart =
  | { readonly kind: 'column'; readonly table: StoredTable; readonly column: StoredColumn }
  | { readonly kind: 'index'; readonly table: StoredTable; readonly index: StoredIndex };
