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

/** An error and its causes in one line of at most 500 characters; a cause that was quoted already is left out. */
export function reasonOf(error: unknown): string {
  const parts: string[] = [];
  const tell = (text: string): void => {
    if (!parts.some((part) => part.includes(text))) parts.push(text);
  };
  let at: unknown = error;
  for (let depth = 0; at instanceof Error && depth < MAX_CAUSES; depth++, at = at.cause) tell(at.message || at.name);
  if (typeof at === 'string') tell(at);
  return parts.join(': ').slice(0, MAX_REASON) || 'no reason was given';
}

/** Headers that tell a person at the dead-letter queue what happened and where. */
export function failureHeaders(error: unknown, queue: string): Record<string, string> {
  return {
    'x-error': reasonOf(error),
    'x-error-class': error instanceof Error ? error.name : typeof error,
    'x-origin-queue': queue,
  };
}
