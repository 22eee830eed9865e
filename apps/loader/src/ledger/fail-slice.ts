import type { Transaction } from '../transaction.js';
import { closeRun } from './close-run.js';
import { ledgerTime } from './instants.js';
import { noteUnasked } from './note-unknown.js';
import { lockRow, Runs, Slices } from './rows.js';
import { openStates } from './slice-rows.js';

/** Fails a slice that is still open, and closes its run where it was the last. True where it did. */
export async function failSlice(tx: Transaction, sliceId: string, reason: string, now: Date): Promise<boolean> {
  const seen = await tx.em.findOne(Slices, { slice_id: sliceId });
  if (!seen?.run_id) return false;
  await lockRow(tx, Runs, { run_id: seen.run_id });
  const where = { slice_id: sliceId, state: { $in: openStates } };
  const failed = await tx.em.nativeUpdate(Slices, where, { state: 'failed', reason, closed_at: ledgerTime(now) });
  if (failed === 0) return false;
  await noteUnasked(tx, seen, reason, now);
  await closeRun(tx, seen.run_id, now);
  return true;
}
