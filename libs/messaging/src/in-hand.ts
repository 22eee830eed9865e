import { AsyncLocalStorage } from 'node:async_hooks';

import { TransientError } from './failures.js';
import { orAborted } from './waiting.js';

/** The message whose handler is running. Whatever it publishes shows that it gets on. */
export const current = new AsyncLocalStorage<InHand>();

/** A message from delivery to settlement. */
export class InHand {
  /** Resolves with whether it was dealt with for good, so that a copy delivered meanwhile may be acknowledged too. */
  readonly settled: Promise<boolean>;
  private readonly stop = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private settle!: (settled: boolean) => void;

  /** It is given back after `holdMs` milliseconds without progress: the broker takes messages back after 30 minutes. */
  constructor(holdMs: number) {
    this.settled = new Promise((resolve) => (this.settle = resolve));
    const overdue = () => this.abort(new TransientError('held too long without progress', { outside: true }));
    this.timer = setTimeout(overdue, holdMs);
  }

  /** Aborts once the message has to be given back. */
  get signal(): AbortSignal {
    return this.stop.signal;
  }

  /** Runs the handler, no longer than the message may be held. */
  async run<T>(handler: () => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    return orAborted(current.run(this, handler), this.signal);
  }

  progress(): void {
    if (!this.signal.aborted) this.timer.refresh();
  }

  abort(reason: Error): void {
    this.stop.abort(reason);
  }

  end(settled: boolean): void {
    clearTimeout(this.timer);
    this.settle(settled);
  }
}
