import { randomUUID } from 'node:crypto';

import type { ExtractorSettings } from '#config';
import type { AskedSessions, Dictionary, Slice, SliceEnd, Subject } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';
import { Inject, Injectable } from '@nestjs/common';

import { cut } from './cut.js';
import { dictionaryBatches } from './details/batches.js';
import { EtClient } from './et/client.js';
import { listDay, type AskedDay } from './listing/day.js';
import { listDictionary } from './listing/dictionary.js';
import { dayAt } from './planning/days.js';
import { StoppedRuns } from './stopped-runs.js';
import { LOGGER, SETTINGS } from './tokens.js';

const PAGE = { count: 50, bytes: 256 * 1024 };

/** Reads a day or a dictionary under a fresh attempt, publishing as the listing goes, its end message last. */
@Injectable()
export class SliceReader {
  constructor(
    private readonly client: EtClient,
    private readonly publisher: Publisher,
    private readonly stopped: StoppedRuns,
    @Inject(SETTINGS) private readonly settings: ExtractorSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Ends without an end message where the run is stopped. Throws `EtError` where ET fails. */
  async read(slice: Slice, subject: Listed, signal: AbortSignal): Promise<void> {
    const { runId, sliceId } = slice;
    const reading = { slice, attempt: randomUUID() };
    const fields = { runId, sliceId, attempt: reading.attempt };
    const end = await this.stopped.unlessStopped(runId, signal, (reads) =>
      subject.kind === 'day'
        ? this.readDay(reading, subject, reads)
        : this.readDictionary(reading, subject.dictionary, reads),
    );
    if (!end) {
      this.logger.info(fields, 'slice dropped, its run is stopped');
      return;
    }
    await this.publisher.publish('ends', slice.lane, end);
    const { listed, countBefore, countAfter, reason } = end;
    this.logger.info({ ...fields, listed, countBefore, countAfter, reason }, 'slice listed');
  }

  private async readDay(reading: Reading, asked: AskedDay, signal: AbortSignal): Promise<SliceEnd> {
    const { lane } = reading.slice;
    const today = dayAt(new Date(), this.settings.timezone);
    let page = 0;
    for await (const step of listDay(this.client, asked, { lane, signal })) {
      if (step.kind === 'end') {
        const { listed, countBefore, countAfter, reason } = step;
        return {
          ...reading,
          listed,
          countBefore,
          countAfter,
          dayOver: asked.day < today,
          ...(reason ? { reason } : {}),
        };
      }
      const { version } = step;
      const pages = cut(step.sessions, PAGE).map((sessions) => ({ ...reading, page: page++, version, sessions }));
      await Promise.all(pages.map((body) => this.publisher.publish('pages', lane, body)));
    }
    throw new Error('a listing ended without its figures');
  }

  private async readDictionary(reading: Reading, dictionary: Dictionary, signal: AbortSignal): Promise<SliceEnd> {
    const { lane } = reading.slice;
    let page = 0;
    let listed = 0;
    for await (const { version, items } of listDictionary(this.client, dictionary, { lane, signal })) {
      const batches = dictionaryBatches({ ...reading, page: page++ }, { dictionary, version, items });
      await Promise.all(batches.map((body) => this.publisher.publish('raw', lane, body)));
      listed += items.length;
    }
    return { ...reading, listed, countBefore: null, countAfter: null, dayOver: true };
  }
}

type Listed = Exclude<Subject, AskedSessions>;

interface Reading {
  readonly slice: Slice;
  readonly attempt: string;
}
