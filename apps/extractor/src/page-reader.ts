import type { ExtractorSettings } from '#config';
import type { Page } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { askAll } from './details/ask-all.js';
import { askDetails } from './details/ask.js';
import { sessionBatches } from './details/batches.js';
import { EtClient } from './et/client.js';
import { StoppedRuns } from './stopped-runs.js';
import { LOGGER, SETTINGS } from './tokens.js';

/** Asks for the details of a page's sessions, all at once, and publishes what ET answered. */
@Injectable()
export class PageReader {
  constructor(
    private readonly client: EtClient,
    private readonly publisher: Publisher,
    private readonly stopped: StoppedRuns,
    @Inject(SETTINGS) private readonly settings: ExtractorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Drops the page of a stopped run. Throws `EtError` where ET is away. */
  async read(page: Page, signal: AbortSignal): Promise<void> {
    const { slice, attempt, version, sessions } = page;
    const { details } = this.settings.et;
    const asked = await this.stopped.unlessStopped(slice.runId, signal, (asks) => {
      const asker = { lane: slice.lane, signal: asks };
      return askAll(
        this.client,
        sessions,
        (session) => askDetails(this.client, { ...session, version }, details, asker),
        asker,
      );
    });
    if (!asked) return;
    const [failure] = asked.flatMap(({ failures }) => failures);
    if (failure) {
      const fields = { runId: slice.runId, sliceId: slice.sliceId, attempt, page: page.page };
      const unknown = asked.reduce((sum, { raw }) => sum + raw.unknown.length, 0);
      this.logger.warn({ ...fields, unknown, error: failure }, 'details could not be had');
    }
    for (const batch of sessionBatches(page, asked, details)) await this.publisher.publish('raw', slice.lane, batch);
  }
}
