import { sessionKey } from '#contracts';

import { jsonBytes } from '../cut.js';
import { EtError } from '../et/errors.js';

/** `{"total": n, "items": […]}`; ET may leave out the total. */
export function sessionsAnswer(body: unknown): { items: unknown[]; total: number } {
  const { items, total } = Object(body) as Record<string, unknown>;
  if (!Array.isArray(items)) throw new EtError('not json', 'GET /sessions answered without a list of items');
  return { items, total: typeof total === 'number' ? total : 0 };
}

/** `[sessions, leads]`. */
export function countAnswer(body: unknown): number {
  const count: unknown = Array.isArray(body) ? body[0] : undefined;
  if (typeof count === 'number' && Number.isSafeInteger(count) && count >= 0) return count;
  throw new EtError('not json', 'GET /sessions/filter/number_of_sessions answered without a number');
}

/** A dictionary's page: a plain list. */
export function listAnswer(path: string, body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  throw new EtError('not json', `GET ${path} answered something other than a list`);
}

/** A session, or a detail of one, above this does not fit a message beside the others. */
export const LARGEST_SESSION_BYTES = 8 * 1024 * 1024;

/** The session of that id by itself. */
export function sessionAnswer(path: string, id: string, body: unknown): Record<string, unknown> {
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  if (!isObject || sessionKey(body) !== id) throw new EtError('not json', `GET ${path} answered without that session`);
  if (jsonBytes(body) > LARGEST_SESSION_BYTES) {
    throw new EtError('too large', `GET ${path} answered a session above 8 MiB`);
  }
  return { ...body };
}
