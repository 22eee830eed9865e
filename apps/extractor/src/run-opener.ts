import { randomUUID } from 'node:crypto';

import type { ExtractorSettings } from '#config';
import type { RunPlan } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { EtClient } from './et/client.js';
import { EtError } from './et/errors.js';
import { dayFilter } from './et/filters.js';
import { countAnswer, listAnswer } from './listing/answers.js';
import { categoryChanges, type CategoryChanges } from './planning/categories.js';
import { daysBetween } from './planning/days.js';
import { planBackfill, planDaily, planRange, planTest, testRange, type PlanFacts } from './planning/plan.js';
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

  private async plan(request: RunRequest, facts: PlanFacts): Promise<RunPlan> {
    switch (request.kind) {
      case 'scheduled':
      case 'sync':
        return planDaily(request, facts, await this.categoryChanges(facts.state.categoriesWatermark));
      case 'range':
        return planRange(request, facts);
      case 'backfill':
        return planBackfill(request, facts);
      case 'test': {
        const range = testRange(request, facts);
        return planTest(request, facts, range, await this.counts(range, request.limit));
      }
    }
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
      const filters = dayFilter(day, undefined, range.filters);
      const { body } = await this.client.get('/sessions/filter/number_of_sessions', { filters }, { lane: 'live' });
      counts.push({ day, count: countAnswer(body) });
      sum += countAnswer(body);
    }
    return counts;
  }
}
