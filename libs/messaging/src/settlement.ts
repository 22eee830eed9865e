import { queueOf, stages } from '#contracts';

import type { Envelope, Route } from './backend.js';
import { classifyFailure } from './failures.js';

/** How a message's handler ended. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'retry'; readonly attempt: number; readonly error: unknown }
  | { readonly kind: 'park'; readonly error: unknown }
  | { readonly kind: 'dead'; readonly error: unknown };

/** Decides over a message that failed with `error` at `attempt` (from 0); after `maxAttempts` retries it is dead. */
export function outcomeOf(error: unknown, attempt: number, maxAttempts: number): Outcome {
  switch (classifyFailure(error)) {
    case 'reject':
      return { kind: 'dead', error };
    case 'park':
      return { kind: 'park', error };
    case 'retry':
      return attempt < maxAttempts ? { kind: 'retry', attempt: attempt + 1, error } : { kind: 'dead', error };
  }
}

const MAX_REASON = 500;
const MAX_CAUSES = 8;
const MAX_CLASS = 100;

/**
 * An error and its causes in one line of at most 500 characters, which any database takes; a cause that was quoted
 * already is left out.
 */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  const tell = (text: string): void => {
    if (!parts.some((part) => part.includes(text))) parts.push(text);
  };
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++, at = at.cause) tell(at.message || at.name);
  if (typeof at === 'string') tell(at);
  const reason = parts.join(': ').replaceAll('\0', '').slice(0, MAX_REASON).toWellFormed();
  return reason || 'no reason was given';
}

/**
 * What kind of fault it was: of the error or the first of its causes that names a kind (ET's, the database's) or a code
 * (the network's), the name and that; else the error's own name.
 */
export function classOf(error: unknown): string {
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++, at = at.cause) {
    const { kind, code } = at as { kind?: unknown; code?: unknown };
    const named = [kind, code].find((one) => typeof one === 'string');
    if (named !== undefined) return `${at.name} ${named}`.slice(0, MAX_CLASS);
  }
  return error instanceof Error ? error.name.slice(0, MAX_CLASS) : typeof error;
}

/** Headers that tell what happened to a message, where, and since when it does. */
export function failureHeaders(
  error: unknown,
  { stage, lane }: Route,
  before: Envelope['headers'],
  now: Date,
): Record<string, unknown> {
  return {
    'x-error': reasonOf(error),
    'x-error-class': classOf(error),
    'x-origin-queue': queueOf(stage, lane),
    'x-origin-service': stages.find((known) => known.stage === stage)?.consumer,
    'x-first-failed-at': before['x-first-failed-at'] ?? now.toISOString(),
    'x-failed-at': now.toISOString(),
  };
}
