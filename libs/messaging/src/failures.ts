/** What becomes of a message whose handler threw. `retry` uses up an attempt, `park` does not. */
export type Settlement = 'retry' | 'park' | 'reject';

/**
 * A fault that time may heal. With `outside` it is not this message's fault (database, broker or ET away, shutdown,
 * a question unanswered): the message is parked however often it takes.
 */
export class TransientError extends Error {
  override readonly name = 'TransientError';
  readonly outside: boolean;

  constructor(message: string, options: ErrorOptions & { outside?: boolean } = {}) {
    super(message, options);
    this.outside = options.outside ?? false;
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
