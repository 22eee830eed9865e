import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { lanes } from '#contracts';
import { Queues, TransientError } from '#messaging';
import type { Logger } from '#observability';

import { Database } from './database.js';
import { Dispatcher } from './dispatcher.js';
import { finishedRuns, finishRun } from './ledger/close-run.js';
import { busyLanes, noteBusy } from './ledger/lane-rest.js';
import { leftovers, pruneSlice } from './ledger/prune.js';
import { requeueSlice, silentSlices } from './ledger/requeue.js';
import { LOGGER } from './tokens.js';
import { SliceCloser } from './slice-closer.js';
import type { Transaction } from './transaction.js';

/** A slice nothing was heard of for so long, and of whose lane no message was seen anywhere, is sent again. */
const SILENCE_SECONDS = 3600;

/** Once a minute makes up for whatever a crash left undone; several loaders may do so at the same time. */
@Injectable()
export class Sweeper {
  private sweeping = false;

  constructor(
    private readonly database: Database,
    private readonly closer: SliceCloser,
    private readonly dispatcher: Dispatcher,
    private readonly queues: Queues,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @Interval(60_000)
  async tick(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    try {
      await this.sweep(new Date());
    } catch (error) {
      this.logger.warn({ error }, 'sweep was broken off');
    } finally {
      this.sweeping = false;
    }
  }

  /** Throws `TransientError` (outside) where the database is away. */
  async sweep(now: Date, silenceSeconds = SILENCE_SECONDS): Promise<void> {
    await this.closer.closeEnded();
    await this.noteBusyLanes(now);
    await this.each(
      (tx) => silentSlices(tx, silenceSeconds, now),
      async (tx, sliceId) => {
        const state = await requeueSlice(tx, sliceId, silenceSeconds, now);
        if (state) this.logger.warn({ sliceId, state }, 'nothing was heard of a slice');
      },
    );
    await this.each(finishedRuns, (tx, runId) => finishRun(tx, runId, now));
    await this.each((tx) => leftovers(tx, now), pruneSlice);
    this.dispatcher.wake();
  }

  private async noteBusyLanes(now: Date): Promise<void> {
    // Where the broker does not tell, nothing can be called lost either.
    const busy = await this.queues.depth().then(busyLanes, () => lanes);
    for (const lane of busy) await this.database.transaction((tx) => noteBusy(tx, lane, now));
  }

  private async each(
    find: (tx: Transaction) => Promise<string[]>,
    mend: (tx: Transaction, id: string) => Promise<unknown>,
  ): Promise<void> {
    for (const id of await this.database.transaction(find)) {
      try {
        await this.database.transaction((tx) => mend(tx, id));
      } catch (error) {
        // One that cannot be mended must not keep the others waiting.
        if (error instanceof TransientError) throw error;
        this.logger.error({ id, error }, 'the sweep could not mend');
      }
    }
  }
}
