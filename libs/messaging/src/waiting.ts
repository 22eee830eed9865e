import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms` milliseconds; rejects with the signal's reason if it aborts first. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/**
 * Milliseconds to wait before try `attempt` (from 0): doubling from `first` up to `most`, less up to half at random so
 * that waiters do not come back together.
 */
export function backoff(attempt: number, first: number, most: number, random = Math.random()): number {
  return Math.min(most, first * 2 ** Math.min(attempt, 30)) * (1 - random / 2);
}

/** The promise's outcome, or the signal's reason as a rejection, whichever comes first. The work itself goes on. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
