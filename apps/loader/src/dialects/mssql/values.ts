import type { StoredRow } from '../../merge/row-writer.js';
import { errorOf } from '../faults.js';
import type { FittedColumn, FittedTarget } from './fitted.js';

type Cell = Exclude<StoredRow[string], null>;

/**
 * A row's cells as tedious takes them, its place first. tedious would cut `1.5`, read `12x` as 12 and any text as true,
 * and loses the connection over what it cannot read: here a value that is not of its column's type is a `DataFault`.
 */
export function sentRow({ table, columns }: FittedTarget, row: StoredRow, place: number): unknown[] {
  const cells: unknown[] = [place];
  for (const column of columns) {
    const { name, type } = column;
    const value = row[name] ?? null;
    const sent = value === null ? null : sentValue(column, value);
    if (sent === undefined) throw errorOf({ kind: 'data', reason: `a value of ${table}.${name} is no ${type}` });
    cells.push(sent);
  }
  return cells;
}

/** Undefined where the value is not of the type. */
function sentValue({ type, sent }: FittedColumn, value: Cell): unknown {
  switch (type) {
    case 'int':
      return whole(value, 31);
    case 'bigint':
      return whole(value, 63);
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'datetime':
      return moment(String(value));
    case 'uuid':
      return sent !== 'uniqueidentifier' || uuid.test(String(value)) ? String(value) : undefined;
    case 'bytes':
      return Buffer.from(String(value), 'base64');
    case 'text':
    case 'key':
    case 'json':
      return text(String(value), sent);
  }
}

/** U+0000, which the transformer removes, would break a bulk load off where the server does not take it. */
function text(value: string, sent: string): string | undefined {
  return value.length <= lengthOf(sent) && !value.includes('\0') ? value : undefined;
}

/** `nvarchar(255)`; `nvarchar(max)` has no limit here. */
function lengthOf(sent: string): number {
  return Number(/\((\d+)\)/.exec(sent)?.[1] ?? Infinity);
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Of so many bits and a sign; large ones come as text. */
function whole(value: Cell, bits: number): number | bigint | undefined {
  if (typeof value === 'number' && value === (value | 0)) return value;
  if (!/^-?\d+$/.test(String(value))) return undefined;
  const number = BigInt(value);
  return BigInt.asIntN(bits + 1, number) === number ? number : undefined;
}

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` without a zone; what `Date` cannot hold of it goes beside it, in seconds. */
function moment(text: string): Date | undefined {
  const [, day = '', time = '', fraction = ''] = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d+)?$/.exec(text) ?? [];
  const date = new Date(`${day}T${time}Z`);
  // `Date` takes the 30th of February for the 2nd of March.
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(`${day}T${time}`)) return undefined;
  return Object.assign(date, { nanosecondDelta: Number(`0${fraction}`) });
}
