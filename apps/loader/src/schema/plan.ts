import type { StoredTable } from './definition.js';
import type { Grammar } from './grammar.js';

/** What a database holds now. */
export interface Catalog {
  /** Columns by table. */
  readonly tables: ReadonlyMap<string, ReadonlySet<string>>;
  readonly indexes: ReadonlySet<string>;
}

/** The statements that bring a database up to the specification: they only ever add. */
export function planSchema(tables: readonly StoredTable[], catalog: Catalog, grammar: Grammar): string[] {
  return tables.flatMap((table) => {
    const present = catalog.tables.get(table.name);
    const columns = present
      ? table.columns.filter(({ name }) => !present.has(name)).map((column) => grammar.addColumn(table, column))
      : [grammar.createTable(table)];
    const indexes = table.indexes.filter(({ name }) => !catalog.indexes.has(name));
    return [...columns, ...indexes.map((index) => grammar.createIndex(table, index))];
  });
}
