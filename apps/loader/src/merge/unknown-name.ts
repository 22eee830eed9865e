import { tables, type RowBatch } from '#contracts';

import { tablesOfEntity } from './targets.js';

const columns = new Map(tables.map((table) => [table.name, new Set(table.columns.map(({ name }) => name))]));

const MAX_NAME = 100;

/**
 * The first table or column that rows of a batch name and this loader does not have. To load the rest would lose it for
 * good: the document would count as stored, and not as changed when the loader knows the column.
 */
export function unknownName({ entity, answered }: RowBatch): string | undefined {
  const own = new Set(tablesOfEntity(entity).map(({ name }) => name));
  for (const { documents } of answered) {
    for (const { rows } of documents) {
      for (const [table, list] of Object.entries(rows)) {
        if (!own.has(table)) return table.slice(0, MAX_NAME);
        for (const row of list) {
          for (const name in row) if (!columns.get(table)?.has(name)) return `${table}.${name.slice(0, MAX_NAME)}`;
        }
      }
    }
  }
  return undefined;
}
