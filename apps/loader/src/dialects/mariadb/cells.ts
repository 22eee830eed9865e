import type { SetTarget, Stamp, StoredRow, Target } from '../../merge/row-writer.js';
import type { StoredColumn } from '../../schema/definition.js';

/** A value as mysql2 writes it into a statement. */
export type Cell = string | number | bigint | boolean | Uint8Array | null;

/** Parameters, lists among them: `in (?)` takes values or keys, `values ?` rows. */
export type Values = readonly (Cell | readonly Cell[] | readonly (readonly Cell[])[])[];

export function cellsOf({ columns }: Target, rows: readonly StoredRow[], own: readonly Cell[] = []): Cell[][] {
  return rows.map((row) => [...columns.map(({ name, type }) => cellOf(type, row[name])), ...own]);
}

/** The own columns' values; none for tables without such. */
export function ownCells(stamp: Stamp | null): readonly Cell[] {
  return stamp ? [stamp.now, stamp.runId] : [];
}

/** What `in (?)` takes of rows: values, or lists of them where the key has several columns. */
export function keysOf({ key }: Target, rows: readonly StoredRow[]): readonly Cell[] | readonly Cell[][] {
  const [first = ''] = key;
  if (key.length === 1) return rows.map((row) => row[first] ?? null);
  return rows.map((row) => key.map((name) => row[name] ?? null));
}

/** Tells one row from another. */
export function keyOf({ key }: Target, row: StoredRow): string {
  return JSON.stringify(key.map((name) => row[name]));
}

/** Numbers are compared with numbers: with texts, as doubles and without an index. */
export function idsOf({ type }: StoredColumn, ids: readonly string[]): readonly Cell[] {
  return type === 'int' ? ids.map(Number) : ids;
}

/** Owners, then ids to keep where there are any. */
export function othersOf(target: SetTarget, owners: readonly string[], keep: readonly string[]): Values {
  return [idsOf(target.owner, owners), ...(keep.length > 0 ? [idsOf(idColumn(target), keep)] : [])];
}

export function idColumn({ table, columns }: Target): StoredColumn {
  const column = columns.find(({ name }) => name === 'id');
  if (!column) throw new Error(`${table} has no id`);
  return column;
}

function cellOf(type: StoredColumn['type'], value: StoredRow[string] | undefined): Cell {
  if (value === undefined || value === null) return null;
  return type === 'bytes' ? Buffer.from(String(value), 'base64') : value;
}
