import type { StoredRow } from '../../merge/row-writer.js';
import type { StoredColumn } from '../../schema/definition.js';

export type Bound = string | number | Uint8Array | null;

/** A cell as better-sqlite3 binds it: it knows no booleans. */
function bound(type: StoredColumn['type'], value: StoredRow[string] | undefined): Bound {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (type === 'bytes') return Buffer.from(String(value), 'base64');
  return value;
}

/** A row's cells in the order of the columns, then those given. */
export function boundRow(columns: readonly StoredColumn[], row: StoredRow, own: readonly Bound[] = []): Bound[] {
  const cells: Bound[] = [];
  for (const { name, type } of columns) cells.push(bound(type, row[name]));
  cells.push(...own);
  return cells;
}
