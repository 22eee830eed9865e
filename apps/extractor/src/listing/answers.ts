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
  if (typeof count === 'number' && Number.isInteger(count) && count >= 0) return count;
  throw new EtError('not json', 'GET /sessions/filter/number_of_sessions answered without a number');
}

/** A dictionary's page: a plain list. */
export function listAnswer(path: string, body: unknown): unknown[] {
  if (Array.isArray(body)) return body;
  throw new EtError('not json', `GET ${path} answered something other than a list`);
}
