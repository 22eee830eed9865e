import { sql } from 'kysely';

import type { SliceEnd } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { ledgerQueries, Slices } from './rows.js';
import { closableStates } from './slice-rows.js';

/**
 * Keeps what an end message said, once however often it comes, unless nothing is expected of the slice any more. False
 * where the ledger does not know it.
 */
export async function storeEnd(tx: Transaction, end: SliceEnd, now: Date): Promise<boolean> {
  const { sliceId } = end.slice;
  const slice = await tx.em.findOne(Slices, { slice_id: sliceId });
  if (!slice) return false;
  if (!closableStates.some((state) => state === slice.state)) return true;
  const row = {
    slice_id: sliceId,
    attempt: end.attempt,
    listed: end.listed,
    day_over: end.dayOver,
    count_before: end.countBefore,
    count_after: end.countAfter,
    reason: end.reason || null,
    ended_at: ledgerTime(now),
  };
  await tx.writer.insertMissing(ledgerTarget('etl_ends'), [row]);
  return true;
}

/**
 * Which of the slices, or of all, an attempt may close: it has ended, its batches answered for as many keys as it
 * listed, and nothing closed the slice for good. Batches are few where keys are many, so these are looked at first.
 */
export async function endedSlices({ em }: Transaction, among?: readonly string[]): Promise<string[]> {
  if (among?.length === 0) return [];
  const ended = ledgerQueries(em)
    .selectFrom('etl_ends')
    .innerJoin('etl_slices', 'etl_slices.slice_id', 'etl_ends.slice_id')
    .select('etl_slices.slice_id')
    .distinct()
    .where('etl_slices.state', 'in', closableStates)
    .where('etl_ends.listed', '<=', ({ selectFrom }) =>
      selectFrom('etl_inbox as batch')
        .select(({ fn }) => fn.coalesce(fn.sum<number>('batch.answered'), sql.lit(0)).as('answered'))
        .whereRef('batch.slice_id', '=', 'etl_ends.slice_id')
        .whereRef('batch.attempt', '=', 'etl_ends.attempt'),
    );
  const rows = await (among ? ended.where('etl_ends.slice_id', 'in', among) : ended).execute();
  return rows.map(({ slice_id }) => slice_id);
}
