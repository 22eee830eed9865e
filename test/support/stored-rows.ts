import { tables, type Column, type Row } from '#contracts';

import type { Database } from '../../apps/loader/src/database.js';

type Cell = Row[string];

const asText: ReadonlySet<Column['type']> = new Set(['bigint', 'json']);

/**
 * A table's rows as messages carry them, by key: own columns left out, JSON parsed and written again, fractions of a
 * second without their last zeros.
 */
export async function storedRows(database: Database, table: string): Promise<Record<string, Cell>[]> {
  const { columns = [], key = [] } = tables.find(({ name }) => name === table) ?? {};
  // As text: SQLite's driver rounds large integers, and PostgreSQL's parses JSON, strings in it too.
  const cells = columns.map(({ name, type }) =>
    asText.has(type) ? `cast("${name}" as text) as "${name}"` : `"${name}"`,
  );
  const order = key.map((name) => `"${name}"`).join(', ');
  const rows = await database.transaction((tx) =>
    tx.query<Record<string, Cell>>(`select ${cells.join(', ')} from "${table}" order by ${order}`),
  );
  return rows.map((row) =>
    Object.fromEntries(columns.map((column) => [column.name, normal(column, row[column.name])])),
  );
}

function normal({ type }: Column, value: Cell | undefined): Cell {
  if (value === null || value === undefined) return null;
  if (type === 'bool') return Boolean(value);
  if (type === 'json') return JSON.stringify(JSON.parse(String(value)));
  if (type === 'datetime')
    return String(value)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return value;
}
