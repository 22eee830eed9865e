import type { StoredColumn, StoredIndex, StoredTable } from './definition.js';

/** How a dialect says what the schema needs. All are pure. */
export interface Grammar {
  createTable(table: StoredTable): string;
  addColumn(table: StoredTable, column: StoredColumn): string;
  createIndex(table: StoredTable, index: StoredIndex): string;
  /** Run first, so that one replica at a time passes. */
  readonly lock: readonly string[];
  /** Queries that list what is there; catalog.ts has the form of their rows. Only foreign keys of one column count. */
  readonly catalog: {
    readonly columns: string;
    /** One row a column of an index, in the index's order. */
    readonly indexes: string;
    readonly foreignKeys: string;
  };
}
