import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { LOGGER } from './tokens.js';

const EVERY_MS = 1000;
/** Work in hand looks this often whether the latest answer stops it. */
const LOOK_EVERY_MS = 250;

/** Which runs are paused or cancelled: one question a second for all, and only while work asks. */
@Injectable()
export class StoppedRuns {
  private known: ReadonlySet<string> = new Set();
  private askedMs = Number.NEGATIVE_INFINITY;
  private freshUntilMs = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly publisher: Publisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Does work for a run, and breaks it off within two seconds of the run's being stopped: gives undefined then. The
   * work's signal is aborted by `signal` as well.
   */
  async unlessStopped<T>(
    runId: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T | undefined> {
    if (await this.has(runId)) return undefined;
    const ending = new AbortController();
    let stopped = false;
    const look = async () => {
      stopped ||= await this.has(runId);
      if (stopped) ending.abort(new Error('the run is stopped'));
    };
    const end = () => ending.abort(signal.reason);
    const looking = setInterval(() => void look(), LOOK_EVERY_MS);
    signal.addEventListener('abort', end, { once: true });
    try {
      signal.throwIfAborted();
      return await work(ending.signal);
    } catch (error) {
      if (stopped && !signal.aborted) return undefined;
      throw error;
    } finally {
      clearInterval(looking);
      signal.removeEventListener('abort', end);
    }
  }

  /**
   * A run is resumed at any moment, and its work sent anew: an answer from before somebody asked here stops nothing.
   */
  private async has(runId: string): Promise<boolean> {
    const now = performance.now();
    if (now >= this.freshUntilMs) await this.answer();
    while (this.known.has(runId) && this.askedMs < now) await this.answer();
    return this.known.has(runId);
  }

  private answer(): Promise<void> {
    return (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
  }

  /** Without an answer nothing is stopped: work that goes on needlessly does no harm. */
  private async ask(): Promise<void> {
    const askedMs = performance.now();
    try {
      const { runIds } = await this.publisher.ask({ type: 'stopped-runs' }, EVERY_MS);
      this.known = new Set(runIds);
    } catch (error) {
      this.known = new Set();
      this.logger.debug({ error }, 'asking for stopped runs failed');
    }
    this.askedMs = askedMs;
    this.freshUntilMs = performance.now() + EVERY_MS;
  }
}
