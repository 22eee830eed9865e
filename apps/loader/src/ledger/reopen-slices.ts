import type { Transaction } from '../transaction.js';
import { closeRun } from './close-run.js';
import { ledgerTime } from './instants.js';
import { lockRow, Runs, Slices } from './rows.js';

/**
 * Opens failed slices again, and their runs with them, because what failed of them is on its way once more: as `queued`
 * where a message is sent again, so that nobody else reads them meanwhile; as `planned` where they are to be read
 * anew. Slices of cancelled runs stay as they are. Gives the runs that are open now, and how many slices that made.
 */
export async function reopenSlices(
  tx: Transaction,
  sliceIds: readonly string[],
  as: 'queued' | 'planned',
  now: Date,
): Promise<{ runIds: string[]; reopened: number }> {
  const runIds = new Set<string>();
  let reopened = 0;
  for (const sliceId of [...new Set(sliceIds)].sort()) {
    const seen = await tx.em.findOne(Slices, { slice_id: sliceId });
    if (seen?.state !== 'failed' || !seen.run_id) continue;
    const run = await lockRow(tx, Runs, { run_id: seen.run_id });
    if (!run || run.state === 'cancelled') continue;
    // What is queued of a paused run would be dropped on sight, and then be missed for an hour.
    const state = run.state === 'paused' ? 'planned' : as;
    const open = { state, reason: null, closed_at: null, requeues: 0, moved_at: ledgerTime(now) };
    reopened += await tx.em.nativeUpdate(Slices, { slice_id: sliceId, state: 'failed' }, open);
    await closeRun(tx, run.run_id, now);
    runIds.add(run.run_id);
  }
  return { runIds: [...runIds], reopened };
}
