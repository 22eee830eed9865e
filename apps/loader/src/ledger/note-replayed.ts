import type { Answered, BatchIdentity } from '#contracts';

import type { Transaction } from '../transaction.js';
import { noteMissing } from './note-unknown.js';
import { ledgerQueries, lockRow, Slices } from './rows.js';
import { finalStates } from './slice-rows.js';

/**
 * Settles a reject whose raw form was loaded now. A slice that is open counts its keys when it closes; one that was
 * closed by that attempt counts this record anew here.
 */
export async function noteReplayed(
  tx: Transaction,
  { slice: { sliceId: slice_id }, attempt }: BatchIdentity,
  { key, outcome, unknown }: Answered,
  now: Date,
): Promise<void> {
  // Two replays of one reject count once.
  await tx.writer.serialise(`etl replay ${slice_id}`);
  const queries = ledgerQueries(tx.em);
  const reject = await queries
    .selectFrom('etl_rejects')
    .select('key')
    .where('slice_id', '=', slice_id)
    .where('attempt', '=', attempt)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!reject) return;
  await queries
    .deleteFrom('etl_rejects')
    .where('slice_id', '=', slice_id)
    .where('attempt', '=', attempt)
    .where('key', '=', key)
    .execute();
  const slice = await lockRow(tx, Slices, { slice_id }, { state: { $in: finalStates }, attempt });
  if (!slice) return;
  const figures = { rejected: Math.max(0, (slice.rejected ?? 0) - 1), [outcome]: (slice[outcome] ?? 0) + 1 };
  const lacks = outcome === 'unknown' && slice.state === 'verified';
  const state = lacks ? { state: 'unverified', verified_at: null, reason: LACKS } : {};
  await tx.em.nativeUpdate(Slices, { slice_id }, { ...figures, ...state });
  if (slice.day === null) return;
  const missing = unknown.map(({ document, reason }) => ({ key, document, reason }));
  await noteMissing(tx, { sliceId: slice_id, day: slice.day }, missing, now);
}

/** As closing the slice would have said. */
const LACKS = 'details of 1 could not be had';
