import { type Column, type Detail, type Table, tables } from '#contracts';

import type { Tenant } from '../emulator/tenant.js';
import { truthByTable } from '../emulator/truth.js';
import { reading, type Values, type WarehouseReader } from '../support/warehouse-readers.js';

const DETAILS: readonly Detail[] = ['scores', 'summary', 'comments'];

/** One text a row, equal for equal content whatever the database's way of giving it. */
export function canonical(table: Table, row: Values): string {
  return JSON.stringify(table.columns.map((column) => canonicalCell(column, row[column.name])));
}

function canonicalCell({ type }: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'int':
    case 'bigint':
      return BigInt(value as string | number | bigint).toString();
    case 'float':
      return Number(value);
    case 'bool':
      return typeof value === 'boolean' ? value : Number(value) !== 0;
    case 'datetime':
      return (value as string).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    case 'json':
      return sortedKeys(value);
    default:
      return value;
  }
}

/** The same JSON with the keys of every object in order: databases may keep them in theirs. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, sortedKeys(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What differs between the expected rows (by table) and the database; at most five lines a table, empty when equal. */
export async function differences(
  reader: WarehouseReader,
  expected: ReadonlyMap<string, readonly Values[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const wanted = new Map<string, number>();
    for (const row of expected.get(table.name) ?? []) count(wanted, canonical(table, row), 1);
    for (const row of await reader.rows(table)) count(wanted, canonical(table, row), -1);
    const lines = [...wanted].filter(([, times]) => times !== 0).sort();
    found.push(
      ...lines.slice(0, 5).map(([text, times]) => `${table.name}: ${times > 0 ? 'missing' : 'too many'} ${text}`),
      ...(lines.length > 5 ? [`${table.name}: ${lines.length - 5} more`] : []),
    );
  }
  return found;
}

/** How the database differs from what ET knows, with the details that are asked for by default. */
export async function flaws(
  place: Parameters<typeof reading>[0],
  tenant: Tenant,
  details: readonly Detail[] = DETAILS,
): Promise<string[]> {
  return reading(place, (reader) => differences(reader, truthByTable(tenant, { details })));
}

/** How many rows the database should hold, and how it differs; all zero but the first where it is true. */
export interface Comparison {
  readonly rows: number;
  readonly lost: number;
  /** There more than once, or not to be there at all. */
  readonly twice: number;
  /** There, but not as ET tells it. */
  readonly stale: number;
}

/** The same difference in figures, told apart by the rows' natural keys. */
export async function compare(
  reader: WarehouseReader,
  expected: ReadonlyMap<string, readonly Values[]>,
): Promise<Comparison> {
  let [rows, lost, twice, stale] = [0, 0, 0, 0];
  for (const table of tables) {
    const wanted = new Map((expected.get(table.name) ?? []).map((row) => [keyOf(table, row), canonical(table, row)]));
    rows += wanted.size;
    const met = new Set<string>();
    for (const row of await reader.rows(table)) {
      const key = keyOf(table, row);
      if (met.has(key) || !wanted.has(key)) twice += 1;
      else if (wanted.get(key) !== canonical(table, row)) stale += 1;
      met.add(key);
    }
    for (const key of wanted.keys()) if (!met.has(key)) lost += 1;
  }
  return { rows, lost, twice, stale };
}

function keyOf(table: Table, row: Values): string {
  const columns = table.columns.filter(({ name }) => table.key.includes(name));
  return JSON.stringify(columns.map((column) => canonicalCell(column, row[column.name])));
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const times = (counts.get(key) ?? 0) + by;
  if (times === 0) counts.delete(key);
  else counts.set(key, times);
}
