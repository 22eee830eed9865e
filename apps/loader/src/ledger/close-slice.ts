import type { Transaction } from '../transaction.js';
import { closeRun } from './close-run.js';
import { betterOf, decide, type OutcomeCounts, type Verdict } from './decide.js';
import { ledgerTime } from './instants.js';
import { sumNotes } from './notes.js';
import { countOutcomes, noOutcomes } from './outcomes.js';
import { pruneSlice } from './prune.js';
import { Ends, Inbox, lockRow, Runs, Slices, type LedgerRow } from './rows.js';
import type { RunState } from './run-state.js';
import { closableStates } from './slice-rows.js';

type SliceRow = LedgerRow<'etl_slices'>;

/** How a slice was closed, and the state of its run after that. */
export interface ClosedSlice extends Verdict, OutcomeCounts {
  readonly runId: string;
  readonly run: RunState | null;
  readonly listed: number | null;
}

interface Closing extends Verdict {
  readonly end: LedgerRow<'etl_ends'>;
  readonly counts: OutcomeCounts;
}

/**
 * Closes a slice where one of its attempts has ended and everything that attempt listed is answered for; then its
 * run, where this was the last slice. Null where it left the slice as it was, as it does with every closed one.
 */
export async function closeSlice(tx: Transaction, sliceId: string, now: Date): Promise<ClosedSlice | null> {
  const seen = await tx.em.findOne(Slices, { slice_id: sliceId, state: { $in: closableStates } });
  // Looked at without a lock first: most calls find a slice that is still on its way.
  if (!seen?.run_id || !(await bestClosing(tx, seen))) return null;
  // The run before the slice: closings of one run stand in line, so that the last one sees all the others.
  await lockRow(tx.em, Runs, { run_id: seen.run_id });
  const slice = await lockRow(tx.em, Slices, { slice_id: sliceId, state: { $in: closableStates } });
  const closing = slice && (await bestClosing(tx, slice));
  if (!slice || !closing) return null;

  const batches = await tx.em.find(Inbox, { slice_id: sliceId, attempt: closing.end.attempt }, { fields: ['notes'] });
  const { state, reason, end, counts } = closing;
  const { attempt, listed, count_before, count_after } = end;
  const figures = { attempt, listed, count_before, count_after, ...counts };
  const notes = sumNotes(batches.map((one) => one.notes));
  const closed = { state, reason, ...figures, notes, closed_at: ledgerTime(now) };
  await tx.em.nativeUpdate(Slices, { slice_id: sliceId }, closed);
  await pruneSlice(tx, sliceId, state === 'unverified' ? attempt : null);
  const run = await closeRun(tx, seen.run_id, now);
  return { runId: seen.run_id, run, state, reason, listed, ...counts };
}

/** The best closing that any ended attempt allows; null where none is answered for in full. */
async function bestClosing(tx: Transaction, slice: SliceRow): Promise<Closing | null> {
  const ends = await tx.em.find(Ends, { slice_id: slice.slice_id });
  if (ends.length === 0) return null;
  const counts = (await countOutcomes(tx, [slice.slice_id])).get(slice.slice_id);
  const scope = {
    kind: slice.kind === 'dictionary' ? ('dictionary' as const) : ('day' as const),
    whole: slice.filters === null && slice.session_limit === null,
  };
  return ends.reduce<Closing | null>((best, end) => {
    const own = counts?.get(end.attempt) ?? noOutcomes;
    const listed = end.listed ?? 0;
    const said = {
      listed,
      countBefore: end.count_before,
      countAfter: end.count_after,
      dayOver: end.day_over ?? true,
      reason: end.reason,
    };
    const verdict = decide(scope, said, own);
    return betterOf(best, verdict && { ...verdict, end, counts: own });
  }, null);
}
