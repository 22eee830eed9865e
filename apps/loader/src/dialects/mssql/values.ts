import type { StoredRow } from '../../merge/row-writer.js';
import type { FittedColumn } from './fitted.js';

/** A row's cells as tedious takes them, its place first. Throws nothing: what does not fit the database refuses. */
export function sentRow(columns: readonly FittedColumn[], row: StoredRow, place: number): unknown[] {
  const cells: unknown[] = [place];
  for (const { name, type } of columns) cells.push(sentValue(type, row[name]));
  return cells;
}

function sentValue(type: FittedColumn['type'], value: StoredRow[string] | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (type === 'datetime') return moment(String(value));
  if (type === 'bytes') return Buffer.from(String(value), 'base64');
  if (type === 'text' || type === 'key' || type === 'json') return String(value);
  return value;
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` without a zone; what `Date` cannot hold of it goes beside it, in seconds. */
function moment(text: string): Date {
  const date = new Date(`${text.slice(0, 10)}T${text.slice(11, 19)}Z`);
  return Object.assign(date, { nanosecondDelta: Number(`0${text.slice(19)}`) });
}
