import { queueOf } from '#contracts';

import type { Route } from './backend.js';

/** What becomes of a message whose handler threw. `retry` uses up an attempt, `park` does not. */
export type Settlement = 'retry' | 'park' | 'reject';

/**
 * A fault that time may heal. With `outside` it is not this message's fault (database, broker or ET away, shutdown,
 * a question unanswered): the message is parked however often it takes. `away` names what has to come back first: the
 * transport then stops taking what needs it (see `Probes`).
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly outside: boolean;
  readonly away: string | undefined;

  constructor(message: string, options: ErrorOptions & { outside?: boolean; away?: string } = {}) {
    super(message, options);
    this.outside = options.outside ?? false;
    this.away = options.away;
  }
}

/** A work queue has been full for as long as anybody waits to publish; who could not is not taken for until there is room. */
export class FullQueueError extends TransientError {
  constructor(
    readonly queue: Route,
    options: ErrorOptions,
  ) {
    super(`${queueOf(queue.stage, queue.lane)} is full`, { ...options, outside: true });
  }
}

/** This message will never succeed: unreadable, or against its contract. It is dead-lettered at once. */
export class RejectedError extends Error {
  override readonly name = 'RejectedError';
}

/** Which settlement an error asks for. Unknown errors get bounded retries, then the dead-letter queue. */
export function classifyFailure(error: unknown): Settlement {
  if (error instanceof RejectedError) return 'reject';
  if (error instanceof TransientError && error.outside) return 'park';
  return 'retry';
}
