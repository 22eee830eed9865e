import type { StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';

export type Bound = string | number | Uint8Array | null;

/** A column as it is bound: `six digits` is a date-time of an adopted table, as SQLAlchemy writes and reads it. */
export interface BoundColumn {
  readonly name: string;
  readonly type: StoredColumn['type'] | 'six digits';
}

/** How the columns of a target are bound. Own date-times stay the text they are. */
export function boundColumns({ table, columns }: Target, catalog: Catalog): readonly BoundColumn[] {
  const found = catalog.get(table)?.columns;
  return columns.map((column) => {
    const theirs = column.type === 'datetime' && /^(datetime|timestamp)/i.test(found?.get(column.name)?.type ?? '');
    return theirs ? { name: column.name, type: 'six digits' } : column;
  });
}

/** A cell as better-sqlite3 binds it: it knows no booleans. */
function bound(type: BoundColumn['type'], value: StoredRow[string] | undefined): Bound {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (type === 'bytes') return Buffer.from(String(value), 'base64');
  if (type === 'six digits') return sixDigits(String(value));
  return value;
}

/** `YYYY-MM-DD HH:MM:SS.ffffff`: texts are compared as they stand, so one form is needed. */
function sixDigits(value: string): string {
  const [whole = '', fraction = ''] = value.split('.');
  return `${whole}.${fraction.padEnd(6, '0')}`;
}

/** A row's cells in the order of the columns, then those given. */
export function boundRow(columns: readonly BoundColumn[], row: StoredRow, own: readonly Bound[] = []): Bound[] {
  const cells: Bound[] = [];
  for (const { name, type } of columns) cells.push(bound(type, row[name]));
  cells.push(...own);
  return cells;
}
