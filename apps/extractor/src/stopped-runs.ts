import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { LOGGER } from './tokens.js';

const EVERY_MS = 1000;

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
   * A run is resumed at any moment, and its work sent anew: an answer from before somebody asked here stops nothing.
   */
  async has(runId: string): Promise<boolean> {
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
