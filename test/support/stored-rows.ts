import { tables, type Column, type Row } from '#contracts';

import type { Database } from '../../apps/loader/src/database.js';
import { cellFor, sqlFor } from './portable-sql.js';

type Cell = Row[string];

/**
 * A table's rows as messages carry them, by key, nulls first: own columns left out, JSON parsed and written again,
 * fractions of a second without their last zeros.
 */
export async function storedRows(database: Database, table: string): Promise<Record<string, Cell>[]> {
  const { columns = [], key = [] } = tables.find(({ name }) => name === table) ?? {};
  const cells = columns.map(({ name, type }) => cellFor(database.dialect, name, type));
  const rows = await database.transaction((tx) =>
    tx.query<Record<string, Cell>>(sqlFor(database.dialect, `select ${cells.join(', ')} from "${table}"`)),
  );
  // Ordered here: databases differ in how they compare texts, UUIDs and nulls.
  return rows
    .map((row) => Object.fromEntries(columns.map((column) => [column.name, normal(column, row[column.name])])))
    .sort((a, b) => key.reduce((order, name) => order || compared(a[name], b[name]), 0));
}

function normal({ type }: Column, value: Cell | undefined): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'bool') return Boolean(value);
  if (type === 'uuid') return String(value).toLowerCase();
  if (type === 'json') return JSON.stringify(JSON.parse(String(value)));
  if (type === 'datetime')
    return String(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return value;
}

function compared(a: Cell | undefined, b: Cell | undefined): number {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a ?? '') < String(b ?? '') ? -1 : 1;
}
