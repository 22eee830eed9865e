import type { ExtractorSettings } from '#config';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { dayAt } from './planning/days.js';
import { isDue, latestTick } from './planning/ticks.js';
import { RunOpener } from './run-opener.js';
import { LOGGER, SETTINGS } from './tokens.js';

const EVERY_MS = 30_000;

/**
 * Opens the daily run. Every replica asks: the run's id is derived from its tick and opening is idempotent, so there
 * is no leader, no missed tick and no double one.
 */
@Injectable()
export class Schedule {
  private busy = false;
  private settled: string | undefined;

  constructor(
    private readonly opener: RunOpener,
    private readonly publisher: Publisher,
    @Inject(SETTINGS) private readonly settings: ExtractorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Interval(EVERY_MS)
  async look(now = new Date()): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await this.openIfDue(now);
    } catch (error) {
      this.logger.warn({ error }, 'the scheduled run could not be opened yet');
    } finally {
      this.busy = false;
    }
  }

  private async openIfDue(now: Date): Promise<void> {
    const { syncCron, timezone } = this.settings;
    if (syncCron === null) return;
    const tick = latestTick(syncCron, timezone, now);
    if (!tick || tick.toISOString() === this.settled) return;
    const { state } = await this.publisher.ask({ type: 'plan-state', from: dayAt(now, timezone) });
    if (isDue(tick, state.lastTick, now)) await this.opener.openRun({ kind: 'scheduled', tick: tick.toISOString() });
    this.settled = tick.toISOString();
  }
}
