import { Inject, Injectable } from '@nestjs/common';

import type { Lane, SliceEnd, SliceProblem } from '#contracts';
import type { Logger } from '#observability';

import { Database, type Transactions } from './database.js';
import { Dispatcher } from './dispatcher.js';
import type { DeletePolicy } from './ledger/candidates.js';
import { closeSlice } from './ledger/close-slice.js';
import { endedSlices, storeEnd } from './ledger/ends.js';
import { failSlice } from './ledger/fail-slice.js';
import { DELETE_POLICY, LOGGER } from './tokens.js';

/** Closes slices, in transactions of their own, as soon as the ledger holds all that closing one takes. */
@Injectable()
export class SliceCloser {
  constructor(
    private readonly database: Database,
    private readonly dispatcher: Dispatcher,
    @Inject(DELETE_POLICY) private readonly deletes: DeletePolicy,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Looks at those of the slices, or at all, of which an attempt has ended. */
  async closeEnded(sliceIds?: readonly string[], lane: Lane = 'live'): Promise<void> {
    const transactions = this.database.inLane(lane);
    const ended = await transactions.transaction((tx) => endedSlices(tx, sliceIds));
    for (const sliceId of ended) await this.close(sliceId, transactions);
  }

  async end(end: SliceEnd): Promise<void> {
    const { runId, sliceId, lane } = end.slice;
    const transactions = this.database.inLane(lane);
    const known = await transactions.transaction((tx) => storeEnd(tx, end, new Date()));
    if (known) await this.close(sliceId, transactions);
    else this.logger.warn({ runId, sliceId }, 'the end of a slice that the ledger does not know was dropped');
  }

  async fail({ slice, stage, reason }: SliceProblem): Promise<void> {
    const { runId, sliceId, lane } = slice;
    const failed = await this.database.inLane(lane).transaction((tx) => failSlice(tx, sliceId, reason, new Date()));
    if (!failed) return;
    this.logger.warn({ runId, sliceId, stage, reason }, 'slice failed');
    this.dispatcher.wake();
  }

  private async close(sliceId: string, transactions: Transactions): Promise<void> {
    const closed = await transactions.transaction((tx) => closeSlice(tx, sliceId, this.deletes, new Date()));
    if (!closed) return;
    const { run, ...figures } = closed;
    this.logger.info({ sliceId, ...figures }, 'slice closed');
    if (closed.held > 0) {
      const fields = { sliceId, candidates: closed.held };
      this.logger.warn(fields, 'too many sessions are no longer listed to ask after them unconfirmed');
    }
    if (run !== 'open' && run !== 'paused') this.logger.info({ runId: closed.runId, state: run }, 'run closed');
    this.dispatcher.wake();
  }
}
