import type { Stage } from '#contracts';

import { TransientError } from './failures.js';
import type { Log } from './log.js';
import { reasonOf } from './settlement.js';
import { backoff, orAborted, pause } from './waiting.js';
import type { Awaited } from './waits.js';

/** How a service finds out whether something it needs is there again. */
export interface Probe {
  /** Stages that cannot go on without it; others are consumed all the while. */
  readonly stages: readonly Stage[];
  /** Rejects while it is away. */
  readonly ask: () => Promise<unknown>;
  /** What is said when it is tried again, in place of `<what> is back`. */
  readonly over?: string;
}

/** By the name that faults give to what is away (`TransientError` with `away`). */
export type Probes = Readonly<Record<string, Probe>>;

export interface BreakerOptions {
  readonly what: string;
  readonly ask: Probe['ask'];
  readonly over?: string;
  readonly pause: () => Promise<void>;
  readonly resume: () => Promise<void>;
  readonly logger: Log;
  /** Milliseconds before the first probe and at most between two. */
  readonly pauses?: { readonly first: number; readonly most: number };
}

const PAUSES = { first: 1_000, most: 30_000 };

/**
 * Stops consumption while something outside is away, and begins again once a probe succeeds. Where probes succeed and
 * work does not (a disk that is full answers), the pauses go on growing until a message is done.
 */
export class Breaker {
  private readonly stopping = new AbortController();
  private awaited: Awaited | undefined;
  private probes = 0;
  private waiting: Promise<void> = Promise.resolve();

  constructor(private readonly options: BreakerOptions) {}

  /** Undefined while it is there. */
  get state(): Awaited | undefined {
    return this.awaited;
  }

  /** Asks once; what is away is waited for from now on. */
  async check(): Promise<void> {
    try {
      await this.options.ask();
    } catch (error) {
      if (error instanceof TransientError && error.away === this.options.what) this.trip(error);
    }
  }

  /** Somebody found it away. */
  trip(error: TransientError): void {
    if (this.awaited || this.stopping.signal.aborted) return;
    this.awaited = { what: this.options.what, since: new Date(), reason: reasonOf(error) };
    this.waiting = this.wait(this.awaited).catch(() => undefined);
  }

  /** Work that needs it was done. */
  proved(): void {
    if (!this.awaited) this.probes = 0;
  }

  /** Probes no more; resolves once consumption is neither paused nor resumed from here any more. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the service is stopping'));
    await this.waiting;
  }

  private async wait({ what, since, reason }: Awaited): Promise<void> {
    const { options, stopping } = this;
    options.logger.warn({ what, reason }, `waiting for ${what}`);
    await options.pause();
    await this.untilThere(since, stopping.signal);
    this.awaited = undefined;
    await options.resume();
    const awaySeconds = Math.round((Date.now() - since.getTime()) / 1000);
    options.logger.info({ what, awaySeconds }, options.over ?? `${what} is back`);
  }

  private async untilThere(since: Date, signal: AbortSignal): Promise<void> {
    const { ask, logger, what, pauses = PAUSES } = this.options;
    for (;;) {
      await pause(backoff(this.probes, pauses.first, pauses.most), signal);
      this.probes += 1;
      try {
        await orAborted(ask(), signal);
        return;
      } catch (error) {
        signal.throwIfAborted();
        logger.debug({ what, since, error }, `${what} is still away`);
      }
    }
  }
}
