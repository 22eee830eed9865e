/** Tries of one request, the first included. */
export const TRIES = 5;
const FIRST_MS = 500;
const LONGEST_MS = 15_000;
/** The longest `Retry-After` that is obeyed. */
export const LONGEST_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Pause before the next try, milliseconds: what ET asked for, else doubling from half a second, with jitter
 * (half to whole) so that requests that failed together do not come back together.
 */
export function pauseBefore(triesSoFar: number, retryAfterMs: number | undefined, random: () => number): number {
  if (retryAfterMs !== undefined) return Math.min(retryAfterMs, LONGEST_RETRY_AFTER_MS);
  const whole = Math.min(FIRST_MS * 2 ** (triesSoFar - 1), LONGEST_MS);
  return whole / 2 + (whole / 2) * random();
}

/** `Retry-After` in milliseconds from now: seconds or an HTTP date; undefined where it is neither. */
export function parseRetryAfter(header: unknown, nowMs: number): number | undefined {
  if (typeof header !== 'string' || header.trim() === '') return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}
