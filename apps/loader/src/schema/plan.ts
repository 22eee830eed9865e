import type { Catalog, FoundTable } from './catalog.js';
import type { StoredIndex, StoredTable } from './definition.js';
import type { Grammar } from './grammar.js';

/** The statements that bring a database up to the specification: they only ever add. */
export function planSchema(tables: readonly StoredTable[], catalog: Catalog, grammar: Grammar): string[] {
  return tables.flatMap((table) => {
    const found = catalog.get(table.name);
    const columns = found
      ? table.columns.filter(({ name }) => !found.columns.has(name)).map((column) => grammar.addColumn(table, column))
      : [grammar.createTable(table)];
    const indexes = table.indexes.filter((index) => !covered(found, index));
    return [...columns, ...indexes.map((index) => grammar.createIndex(table, index))];
  });
}

/** An index that begins with the same columns serves as well. */
function covered(found: FoundTable | undefined, { columns }: StoredIndex): boolean {
  const begins = (others: readonly string[]) => columns.every((column, place) => others[place] === column);
  return found?.indexes.some((index) => begins(index.columns)) ?? false;
}
