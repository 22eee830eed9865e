import { randomUUID } from 'node:crypto';

import type { ExtractorSettings } from '#config';
import type { AskedSessions, Slice } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { askAll } from './details/ask-all.js';
import { askAlone } from './details/ask-alone.js';
import { sessionBatches } from './details/batches.js';
import { EtClient } from './et/client.js';
import { StoppedRuns } from './stopped-runs.js';
import { LOGGER, SETTINGS } from './tokens.js';

/** Reads a slice of single sessions under a fresh attempt: each is asked for by itself, none is listed. */
@Injectable()
export class SessionReader {
  constructor(
    private readonly client: EtClient,
    private readonly publisher: Publisher,
    private readonly stopped: StoppedRuns,
    @Inject(SETTINGS) private readonly settings: ExtractorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Ends without an end message where the run is stopped. Throws `EtError` where ET is away. */
  async read(slice: Slice, { sessions, why }: AskedSessions, signal: AbortSignal): Promise<void> {
    const { runId, sliceId, lane } = slice;
    const { details } = this.settings.et;
    const reading = { slice, attempt: randomUUID() };
    const fields = { runId, sliceId, attempt: reading.attempt, why };
    const asked = await this.stopped.unlessStopped(runId, signal, (asks) => {
      const asker = { lane, signal: asks };
      return askAll(this.client, sessions, (session) => askAlone(this.client, session, why, details, asker), asker);
    });
    if (!asked) {
      this.logger.info(fields, 'slice dropped, its run is stopped');
      return;
    }
    // What is told of a session by itself holds more of the customer's own fields than its listing does: they are left
    // as the listing told them, unless that answer is wanted of every session.
    for (const batch of sessionBatches({ ...reading, page: 0 }, asked, [...details, 'detail'])) {
      await this.publisher.publish('raw', lane, batch);
    }
    const end = { listed: sessions.length, countBefore: null, countAfter: null, dayOver: true };
    await this.publisher.publish('ends', lane, { ...reading, ...end });
    const gone = asked.filter(({ raw }) => raw.gone !== undefined).length;
    const unknown = asked.filter(({ raw }) => raw.unknown.length > 0).length;
    const [failure] = asked.flatMap(({ failures }) => failures);
    const told = { ...fields, asked: sessions.length, gone, unknown, ...(failure ? { error: failure } : {}) };
    this.logger.info(told, 'single sessions asked for');
  }
}
