import type { StoredColumn, StoredIndex, StoredTable } from './definition.js';

/** How a dialect says what the schema needs. All are pure; names of tables are unqualified. */
export interface Grammar {
  createTable(table: StoredTable): string;
  addColumn(table: StoredTable, column: StoredColumn): string;
  createIndex(table: StoredTable, index: StoredIndex): string;
  /** Run first, so that one replica at a time passes. */
  readonly lock: readonly string[];
  /** Lists what is there, as rows of `table_name`, `column_name`. */
  readonly columns: string;
  /** Lists what is there, as rows of `index_name`. */
  readonly indexes: string;
}
