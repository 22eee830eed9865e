import type { Transaction } from '../transaction.js';
import { ledgerTime, secondsBefore } from './instants.js';
import { lockRow, Runs, Slices } from './rows.js';
import { openStates } from './slice-rows.js';

/**
 * Cancels a run, or the one it joined, with all its open slices. A closed run stays what it is. False where nobody
 * knows the run.
 */
export async function cancelRun(tx: Transaction, runId: string, now: Date): Promise<boolean> {
  const asked = await tx.em.findOne(Runs, { run_id: runId });
  if (!asked) return false;
  const where = { run_id: asked.joined_to ?? runId };
  const run = await lockRow(tx.em, Runs, where);
  if (run?.state !== 'open') return true;
  const closed = { state: 'cancelled', closed_at: ledgerTime(now) };
  await tx.em.nativeUpdate(Runs, where, closed);
  await tx.em.nativeUpdate(
    Slices,
    { ...where, state: { $in: openStates } },
    { ...closed, reason: 'the run was cancelled' },
  );
  return true;
}

/** Runs whose messages are to be dropped on sight: cancelled within a day, the latest first. */
export async function stoppedRuns({ em }: Transaction, now: Date): Promise<string[]> {
  const where = { state: 'cancelled', closed_at: { $gt: secondsBefore(now, STOPPED_FOR_SECONDS) } };
  const runs = await em.find(Runs, where, { orderBy: { closed_at: 'desc' }, limit: MOST_STOPPED });
  return runs.map((run) => run.run_id);
}

const STOPPED_FOR_SECONDS = 86_400;
const MOST_STOPPED = 500;
