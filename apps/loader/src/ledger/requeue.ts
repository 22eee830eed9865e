import type { Transaction } from '../transaction.js';
import { failSlice } from './fail-slice.js';
import { ledgerTime, secondsBefore } from './instants.js';
import { restingLanes } from './lane-rest.js';
import { ledgerQueries, Slices } from './rows.js';

/** How often a slice nothing was heard of is sent again before it fails. */
export const MOST_REQUEUES = 3;

/**
 * Slices that are out and of which nothing was heard since then: no dispatch, no batch, no end. What lies in a queue is
 * not lost: only while nothing of its lane does can one be called silent.
 */
export async function silentSlices(tx: Transaction, silenceSeconds: number, now: Date): Promise<string[]> {
  const since = secondsBefore(now, silenceSeconds);
  const resting = await restingLanes(tx, since);
  if (resting.length === 0) return [];
  const rows = await ledgerQueries(tx.em)
    .selectFrom('etl_slices as slice')
    .select('slice.slice_id')
    .where('slice.state', '=', 'queued')
    .where('slice.lane', 'in', resting)
    .where('slice.moved_at', '<', since)
    .where(({ and, exists, not, selectFrom }) => {
      const batches = selectFrom('etl_inbox as batch').select('batch.slice_id').where('batch.loaded_at', '>=', since);
      const ends = selectFrom('etl_ends as end').select('end.slice_id').where('end.ended_at', '>=', since);
      return and([
        not(exists(batches.whereRef('batch.slice_id', '=', 'slice.slice_id'))),
        not(exists(ends.whereRef('end.slice_id', '=', 'slice.slice_id'))),
      ]);
    })
    .execute();
  return rows.map(({ slice_id }) => slice_id);
}

/** Sends a silent slice again, or fails it where that did not help. Gives its state then; null where it had moved. */
export async function requeueSlice(
  tx: Transaction,
  sliceId: string,
  silenceSeconds: number,
  now: Date,
): Promise<'planned' | 'failed' | null> {
  const silent = { slice_id: sliceId, state: 'queued', moved_at: { $lt: secondsBefore(now, silenceSeconds) } };
  const slice = await tx.em.findOne(Slices, silent);
  if (!slice) return null;
  const requeues = slice.requeues ?? 0;
  if (requeues >= MOST_REQUEUES) {
    const minutes = Math.round(silenceSeconds / 60);
    const reason = `nothing was heard of it for ${minutes} minutes, though it was sent again ${requeues} times`;
    return (await failSlice(tx, sliceId, reason, now)) ? 'failed' : null;
  }
  const again = { state: 'planned', requeues: requeues + 1, moved_at: ledgerTime(now) };
  return (await tx.em.nativeUpdate(Slices, { ...silent, requeues }, again)) > 0 ? 'planned' : null;
}
