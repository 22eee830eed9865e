import type { Lane, RowBatch } from '#contracts';
import { classifyFailure } from '#messaging';

import { takeGroup } from './merge-group.js';

interface Waiting {
  readonly batch: RowBatch;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Merges what is in hand of one lane in one transaction. Each lane has a worker, so that neither holds the other up. */
export class MergeQueue {
  private readonly waiting: Record<Lane, Waiting[]> = { live: [], backfill: [] };
  private readonly working = new Set<Lane>();

  constructor(private readonly merge: (lane: Lane, batches: readonly RowBatch[]) => Promise<void>) {}

  /** Resolves once the batch is safely in the database; rejects with whatever hindered it. */
  add(batch: RowBatch): Promise<void> {
    const { lane } = batch.identity.slice;
    return new Promise((resolve, reject) => {
      this.waiting[lane].push({ batch, resolve, reject });
      if (!this.working.has(lane)) void this.work(lane);
    });
  }

  private async work(lane: Lane): Promise<void> {
    const waiting = this.waiting[lane];
    this.working.add(lane);
    while (waiting.length > 0) {
      await this.mergeGroup(lane, waiting.splice(0, takeGroup(waiting.map(({ batch }) => batch))));
    }
    this.working.delete(lane);
  }

  private async mergeGroup(lane: Lane, group: readonly Waiting[]): Promise<void> {
    try {
      await this.merge(
        lane,
        group.map(({ batch }) => batch),
      );
      for (const { resolve } of group) resolve();
    } catch (error) {
      // One batch's fault must not use up the attempts of those that travelled with it.
      if (group.length > 1 && classifyFailure(error) !== 'park') {
        for (const one of group) await this.mergeGroup(lane, [one]);
      } else {
        for (const { reject } of group) reject(error);
      }
    }
  }
}
