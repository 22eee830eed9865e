import { tables, type Row } from '#contracts';

import type { Catalog, FoundTable } from '../schema/catalog.js';
import { distinctRows } from './distinct-rows.js';
import type { Entry } from './entries.js';
import { isOwned, type OwnedTable } from './targets.js';

/** Unique keys of an adopted table that hold fewer rows of one owner than its natural key tells apart. */
export function standingKeys(table: OwnedTable, found: FoundTable | undefined): readonly (readonly string[])[] {
  const written = new Set(table.columns.map(({ name }) => name));
  return (found?.indexes ?? [])
    .filter(({ kind, columns }) => kind === 'unique' && columns.includes(table.owner))
    .filter(({ columns }) => columns.every((column) => written.has(column)))
    .filter(({ columns }) => !table.key.every((column) => columns.includes(column)))
    .map(({ columns }) => columns);
}

/** Of one owner's rows those that can be stored: the last of each natural key, and the newest of each standing one. */
export function storableRows(
  table: OwnedTable,
  standing: readonly (readonly string[])[],
  rows: readonly Row[],
): readonly Row[] {
  return standing.reduce((left, key) => distinctRows(key, newestLast(left)), distinctRows(table.key, rows));
}

/** How many rows the standing keys keep out, by table. */
export function notStored(entries: readonly Entry[], catalog: Catalog): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const table of tables.filter(isOwned)) {
    const standing = standingKeys(table, catalog.get(table.name));
    if (standing.length === 0) continue;
    const sets = entries.flatMap(({ documents }) =>
      [...documents.values()].flatMap(({ rows }) => [rows[table.name] ?? []]),
    );
    const kept = (keys: typeof standing) => sets.reduce((sum, rows) => sum + storableRows(table, keys, rows).length, 0);
    const left = kept([]) - kept(standing);
    if (left > 0) counts[table.name] = left;
  }
  return counts;
}

function newestLast(rows: readonly Row[]): Row[] {
  const cell = (row: Row, name: string) => String(row[name] ?? '');
  const numeric = { numeric: true };
  return [...rows].sort(
    (a, b) =>
      cell(a, 'created_at').localeCompare(cell(b, 'created_at'), 'en') ||
      cell(a, 'et_id').localeCompare(cell(b, 'et_id'), 'en', numeric),
  );
}
