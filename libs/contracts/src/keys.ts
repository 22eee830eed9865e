import { createHash } from 'node:crypto';

/** A UUID as text, of any version, in either case of letters. Source: ET's ids of sessions. */
export const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const INTEGER = /^[+-]?\d{1,15}$/;
const MAX_KEY = 64;

/**
 * The key under which a listed session is counted and answered for: its id as lower-case UUID. An id that is none
 * still gets a key of at most 64 characters (its JSON text, or a SHA-256 of the item where there is no id), so that
 * a record nobody can load is counted too. Never throws for what JSON can hold.
 */
export function sessionKey(item: unknown): string {
  const id = idOf(item);
  return typeof id === 'string' && UUID.test(id) ? id.toLowerCase() : oddKey(id, item);
}

/** The same for a dictionary item: its id as decimal text. */
export function itemKey(item: unknown): string {
  const id = idOf(item);
  const whole = typeof id === 'number' ? Number.isSafeInteger(id) : typeof id === 'string' && INTEGER.test(id);
  return whole ? String(Number(id)) : oddKey(id, item);
}

function idOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && !Array.isArray(item) && 'id' in item ? item.id : undefined;
}

function oddKey(id: unknown, item: unknown): string {
  const given = id !== undefined && id !== null;
  const text = asJson(given ? id : item);
  return given && text.length <= MAX_KEY ? text : createHash('sha256').update(text).digest('hex');
}

function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'undefined';
  } catch {
    return 'nested too deep to be written';
  }
}
