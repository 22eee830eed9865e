import { randomUUID } from 'node:crypto';

import type { ExtractorSettings } from '#config';
import type { RunPlan } from '#contracts';
import { Publisher, RejectedError } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { EtClient } from './et/client.js';
import { EtError } from './et/errors.js';
import { dayFilter } from './et/filters.js';
import { countAnswer, listAnswer } from './listing/answers.js';
import { categoryChanges, type CategoryChanges } from './planning/categories.js';
import { daysToCount, planDaily, type DailyFindings } from './planning/daily.js';
import { dayAt, daysBetween } from './planning/days.js';
import type { PlanFacts } from './planning/facts.js';
import { planHeal } from './planning/heal.js';
import { planBackfill, planRange, planTest, testRange } from './planning/plan.js';
import { checkRunId, type Range, type RunRequest } from './planning/requests.js';
import { EMBEDDED, LOGGER, SETTINGS } from './tokens.js';

/** Before any day ET can hold. */
const FIRST_DAY = '1970-01-01';

/** Turns a request into a run in the ledger: asks for state, plans, asks the loader to open it. */
@Injectable()
export class RunOpener {
  constructor(
    private readonly client: EtClient,
    private readonly publisher: Publisher,
    @Inject(SETTINGS) private readonly settings: ExtractorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(EMBEDDED) private readonly embedded: boolean,
  ) {}

  /**
   * The id of the run that does what is asked, and whether it is new: an unfinished equal one is joined. Throws
   * `RejectedError` for a request that makes no sense, `EtError` where ET has to be asked and fails, `TransientError`
   * where the loader does not answer.
   */
  async openRun(request: RunRequest): Promise<{ runId: string; opened: boolean }> {
    const runId =
      request.kind === 'scheduled' ? `scheduled-${request.tick}` : checkRunId(request.runId ?? randomUUID());
    const { state } = await this.publisher.ask({ type: 'plan-state', from: FIRST_DAY });
    const plan = await this.plan(request, { state, now: new Date(), runId, settings: this.settings });
    const answer = await this.publisher.ask({ type: 'open-run', plan });
    const fields = { runId: answer.runId, kind: plan.kind, slices: plan.slices.length };
    this.logger.info(fields, answer.opened ? 'run opened' : 'run joined');
    return { runId: answer.runId, opened: answer.opened };
  }

  /** Throws `RejectedError` where nobody knows the run. */
  async control(runId: string, action: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const { known, state } = await this.publisher.ask({ type: 'control-run', runId, action });
    if (!known) throw new RejectedError(`there is no run of the id to ${action}`);
    this.logger.info({ runId, action, state }, 'run controlled');
  }

  private async plan(request: RunRequest, facts: PlanFacts): Promise<RunPlan> {
    switch (request.kind) {
      case 'scheduled':
      case 'sync':
        return planDaily(request, facts, await this.findings(facts));
      case 'range':
        return planRange(request, facts);
      case 'backfill':
        return planBackfill(request, facts);
      case 'heal': {
        const today = dayAt(facts.now, this.settings.timezone);
        const { gaps } = await this.publisher.ask({ type: 'gaps', today });
        return planHeal(request, facts, gaps);
      }
      case 'test': {
        const range = testRange(request, facts);
        return planTest(request, facts, range, await this.counts(range, request.limit));
      }
    }
  }

  private async findings(facts: PlanFacts): Promise<DailyFindings> {
    const settled = daysToCount(facts);
    const [categories, ...counts] = await Promise.all([
      this.categoryChanges(facts.state.categoriesWatermark),
      ...settled.map(({ day }) => this.count(day)),
    ]);
    const changed = settled.filter(({ count }, index) => counts[index] !== count);
    return { categories, changedDays: new Set(changed.map(({ day }) => day)) };
  }

  /** Categories that an embedded run may not read fail as a slice of it, and keep nothing else from being loaded. */
  private async categoryChanges(watermark: string | null): Promise<CategoryChanges> {
    try {
      const { body } = await this.client.get('/categories', {}, { lane: 'live' });
      return categoryChanges(listAnswer('/categories', body), watermark);
    } catch (error) {
      if (!this.embedded || !(error instanceof EtError) || error.kind !== 'forbidden') throw error;
      return { changed: [], watermark };
    }
  }

  /** ET's counts of the newest days, until they make up the limit. */
  private async counts(range: Range, limit: number): Promise<{ day: string; count: number }[]> {
    const counts = [];
    let sum = 0;
    for (const day of daysBetween(range.from, range.to).reverse()) {
      if (sum >= limit) break;
      const count = await this.count(day, range.filters);
      counts.push({ day, count });
      sum += count;
    }
    return counts;
  }

  private async count(day: string, parts?: string): Promise<number> {
    const filters = dayFilter(day, undefined, parts);
    const { body } = await this.client.get('/sessions/filter/number_of_sessions', { filters }, { lane: 'live' });
    return countAnswer(body);
  }
}
