import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { LOGGER } from './tokens.js';

const EVERY_MS = 1000;

/** Which runs were cancelled: one question a second for all, and only while work asks. */
@Injectable()
export class StoppedRuns {
  private known: ReadonlySet<string> = new Set();
  private freshUntilMs = 0;
  private asking: Promise<void> | undefined;

  constructor(
    private readonly publisher: Publisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async has(runId: string): Promise<boolean> {
    if (Date.now() >= this.freshUntilMs) await (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
    return this.known.has(runId);
  }

  /** Without an answer the last one stands: work that goes on needlessly does no harm. */
  private async ask(): Promise<void> {
    try {
      const { runIds } = await this.publisher.ask({ type: 'stopped-runs' }, EVERY_MS);
      this.known = new Set(runIds);
    } catch (error) {
      this.logger.debug({ error }, 'asking for stopped runs failed');
    }
    this.freshUntilMs = Date.now() + EVERY_MS;
  }
}
