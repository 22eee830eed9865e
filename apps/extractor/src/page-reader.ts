import type { ExtractorSettings } from '#config';
import type { Page } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { askDetails, type AskedSession } from './details/ask.js';
import { sessionBatches } from './details/batches.js';
import { EtClient, type Asker } from './et/client.js';
import { StoppedRuns } from './stopped-runs.js';
import { LOGGER, SETTINGS } from './tokens.js';

type Listed = Page['sessions'][number];

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
    const { slice, attempt, version } = page;
    const asker = { lane: slice.lane, signal };
    const { details } = this.settings.et;
    if (await this.stopped.has(slice.runId)) return;
    const ask = (session: Listed) => askDetails(this.client, session, version, details, asker);
    const asked = await this.askAll(page.sessions, ask, asker);
    const failures = asked.flatMap((session) => session.failures);
    if (failures.length > 0) {
      const fields = { runId: slice.runId, sliceId: slice.sliceId, attempt, page: page.page };
      this.logger.warn({ ...fields, unknown: failures.length, error: failures[0] }, 'details could not be had');
    }
    const sessions = asked.map(({ raw }) => raw);
    for (const batch of sessionBatches(page, sessions, details.includes('detail'))) {
      await this.publisher.publish('raw', slice.lane, batch);
    }
  }

  /**
   * Details that fail while ET is there are unknown; with ET away the whole page waits. A listing of one session
   * tells which; it throws where ET is away. What failed is then asked for once more, for ET may just have come back.
   */
  private async askAll(
    sessions: readonly Listed[],
    ask: (session: Listed) => Promise<AskedSession>,
    asker: Asker,
  ): Promise<AskedSession[]> {
    const asked = await Promise.all(sessions.map(async (session) => ({ session, answer: await ask(session) })));
    if (!asked.some(({ answer }) => lackedEt(answer))) return asked.map(({ answer }) => answer);
    await this.client.get('/sessions', { skip: 0, limit: 1 }, asker);
    return Promise.all(asked.map(async ({ session, answer }) => (lackedEt(answer) ? ask(session) : answer)));
  }
}

/** `forbidden` is the answer of an ET that is there. */
function lackedEt({ failures }: AskedSession): boolean {
  return failures.some(({ outside, kind }) => outside && kind !== 'forbidden');
}
