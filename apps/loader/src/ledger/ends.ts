import type { SliceEnd } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { ledgerQueries, Slices } from './rows.js';
import { closableStates } from './slice-rows.js';

/** Keeps what an end message said, once however often it comes. False where the ledger does not know the slice. */
export async function storeEnd(tx: Transaction, end: SliceEnd, now: Date): Promise<boolean> {
  const { sliceId } = end.slice;
  if ((await tx.em.count(Slices, { slice_id: sliceId })) === 0) return false;
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

/** Which of the slices, or of all, an attempt may close: it has ended, and nothing closed the slice for good. */
export async function endedSlices({ em }: Transaction, among?: readonly string[]): Promise<string[]> {
  if (among?.length === 0) return [];
  const ended = ledgerQueries(em)
    .selectFrom('etl_ends')
    .innerJoin('etl_slices', 'etl_slices.slice_id', 'etl_ends.slice_id')
    .select('etl_slices.slice_id')
    .distinct()
    .where('etl_slices.state', 'in', closableStates);
  const rows = await (among ? ended.where('etl_ends.slice_id', 'in', among) : ended).execute();
  return rows.map(({ slice_id }) => slice_id);
}
