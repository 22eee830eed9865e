import { lanes, type Lane, type RowBatch } from '#contracts';
import { classifyFailure } from '#messaging';

import { takeGroup } from './merge-group.js';

interface Waiting {
  readonly batch: RowBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Merges what is in hand of one lane in one transaction. With a worker a lane the backfill never holds the live lane
 * up; where the database takes one writer at a time there is one worker, and lanes take turns, live first.
 */
export class MergeQueue {
  private readonly waiting: Record<Lane, Waiting[]> = { live: [], backfill: [] };
  private readonly workers: { readonly lanes: readonly Lane[]; busy: boolean }[];

  constructor(
    private readonly merge: (batches: readonly RowBatch[]) => Promise<void>,
    workers: 'one' | 'one a lane',
  ) {
    this.workers = (workers === 'one' ? [lanes] : lanes.map((lane) => [lane])).map((own) => ({
      lanes: own,
      busy: false,
    }));
  }

  /** Resolves once the batch is safely in the database; rejects with whatever hindered it. */
  add(batch: RowBatch): Promise<void> {
    const { lane } = batch.identity.slice;
    return new Promise((resolve, reject) => {
      this.waiting[lane].push({ batch, resolve, reject });
      const worker = this.workers.find((one) => one.lanes.includes(lane));
      if (worker && !worker.busy) void this.work(worker);
    });
  }

  private async work(worker: { readonly lanes: readonly Lane[]; busy: boolean }): Promise<void> {
    worker.busy = true;
    while (worker.lanes.some((lane) => this.waiting[lane].length > 0)) {
      for (const lane of worker.lanes) {
        const group = this.waiting[lane].splice(0, takeGroup(this.waiting[lane].map(({ batch }) => batch)));
        if (group.length > 0) await this.mergeGroup(group);
      }
    }
    worker.busy = false;
  }

  private async mergeGroup(group: readonly Waiting[]): Promise<void> {
    try {
      await this.merge(group.map(({ batch }) => batch));
      for (const { resolve } of group) resolve();
    } catch (error) {
      // One batch's fault must not use up the attempts of those that travelled with it.
      if (group.length > 1 && classifyFailure(error) !== 'park') for (const one of group) await this.mergeGroup([one]);
      else for (const { reject } of group) reject(error);
    }
  }
}
