import { UUID, type ColumnType, type Row } from '#contracts';

import { toDatetime } from './datetime.js';

export type Cell = Row[string];

const INTEGER = /^[+-]?\d{1,32}$/;
const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const MAX_INT = 2 ** 31;
const MAX_BIGINT = 2n ** 63n;
const MAX_KEY_LENGTH = 255;

const converters = {
  int: (value) => {
    const whole = integer(value);
    return whole !== undefined && whole >= -MAX_INT && whole < MAX_INT ? Number(whole) : undefined;
  },
  bigint: (value) => {
    const whole = integer(value);
    if (whole === undefined || whole < -MAX_BIGINT || whole >= MAX_BIGINT) return undefined;
    // Beyond 2^53 a number would lose digits again on its way through JSON: decimal text does not.
    const number = Number(whole);
    return Number.isSafeInteger(number) ? number : String(whole);
  },
  float: (value) => {
    const number = typeof value === 'string' && NUMERIC.test(value) ? Number(value) : value;
    return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
  },
  bool: (value) => {
    if (value === true || value === 1 || value === 'true') return true;
    return value === false || value === 0 || value === 'false' ? false : undefined;
  },
  text,
  key: (value) => {
    const found = text(value);
    return found.length <= MAX_KEY_LENGTH ? found : undefined;
  },
  datetime: (value) => (typeof value === 'string' ? toDatetime(value) : undefined),
  json: (value) => JSON.stringify(value),
  uuid: (value) => (typeof value === 'string' && UUID.test(value) ? value.toLowerCase() : undefined),
} satisfies Record<ColumnType, (value: NonNullable<unknown>) => Cell | undefined>;

/** A value of ET as it is stored; a missing one is null. Undefined where it does not fit the column's type. */
export function toCell(type: ColumnType, value: unknown): Cell | undefined {
  return value === undefined || value === null ? null : converters[type](value);
}

/** What was found in place of a value of that type, without the value itself. */
export function nameOf(value: unknown, type?: ColumnType): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'number' && (type === 'int' || type === 'bigint')) {
    if (!Number.isInteger(value)) return 'fraction';
    return Number.isSafeInteger(value) ? 'number out of range' : 'number beyond 2^53, whose last digits JSON has lost';
  }
  if (typeof value !== 'string') return typeof value;
  if (type === 'key') return `text of ${value.length} characters`;
  if (type === 'int' || type === 'bigint') return INTEGER.test(value) ? 'number out of range' : 'text';
  return type === 'datetime' || type === 'uuid' ? 'other text' : 'text';
}

function integer(value: unknown): number | bigint | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value + 0 : undefined;
  return typeof value === 'string' && INTEGER.test(value) ? BigInt(value.replace('+', '')) : undefined;
}

function text(value: NonNullable<unknown>): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}
