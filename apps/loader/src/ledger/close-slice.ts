import type { Transaction } from '../transaction.js';
import { planCandidates, type Candidates, type DeletePolicy } from './candidates.js';
import { closeRun } from './close-run.js';
import { betterOf, decide, isCounted, type OutcomeCounts, type SliceScope, type Verdict } from './decide.js';
import { endedSlices } from './ends.js';
import { ledgerTime } from './instants.js';
import { noteAskedAgain, noteListed } from './note-unknown.js';
import { sumNotes } from './notes.js';
import { countOutcomes, noOutcomes } from './outcomes.js';
import { pruneSlice } from './prune.js';
import { Ends, Inbox, lockRow, Runs, Slices, type LedgerRow } from './rows.js';
import type { RunState } from './run-state.js';
import { closableStates, subjectOf } from './slice-rows.js';
import { verifyLater } from './verify-later.js';

type SliceRow = LedgerRow<'etl_slices'>;

/** How a slice was closed, and the state of its run after that. */
export interface ClosedSlice extends Verdict, OutcomeCounts, Candidates {
  readonly runId: string;
  readonly run: RunState | null;
  readonly listed: number | null;
}

interface Closing extends Verdict {
  readonly end: LedgerRow<'etl_ends'>;
  readonly counts: OutcomeCounts;
}

const noCandidates: Candidates = { asked: 0, held: 0 };

/**
 * Closes a slice where one of its attempts has ended and everything that attempt listed is answered for, with all that
 * follows from it: what is known of details, what may have been deleted, and the run where this was the last slice.
 * Null where it left the slice as it was, as it does with every closed one.
 */
export async function closeSlice(
  tx: Transaction,
  sliceId: string,
  deletes: DeletePolicy,
  now: Date,
): Promise<ClosedSlice | null> {
  // Looked at without a lock first: most calls find a slice that is still on its way.
  if ((await endedSlices(tx, [sliceId])).length === 0) return null;
  const seen = await tx.em.findOne(Slices, { slice_id: sliceId });
  if (!seen?.run_id) return null;
  // The run before the slice: closings of one run stand in line, so that the last one sees all the others.
  const run = await lockRow(tx, Runs, { run_id: seen.run_id });
  const slice = await lockRow(tx, Slices, { slice_id: sliceId }, { state: { $in: closableStates } });
  const closing = slice && (await bestClosing(tx, slice));
  if (!slice || !closing) return null;

  await write(tx, slice, closing, now);
  const candidates = await follow(tx, slice, closing, run?.state === 'cancelled' ? null : deletes, now);
  await pruneSlice(tx, sliceId);
  const { state, reason, end, counts } = closing;
  const runId = seen.run_id;
  return { runId, run: await closeRun(tx, runId, now), state, reason, listed: end.listed, ...counts, ...candidates };
}

/** The best closing that any ended attempt allows; null where none is answered for in full. */
async function bestClosing(tx: Transaction, slice: SliceRow): Promise<Closing | null> {
  const ends = await tx.em.find(Ends, { slice_id: slice.slice_id });
  if (ends.length === 0) return null;
  const counts = await countOutcomes(tx, slice.slice_id);
  const scope = scopeOf(slice);
  return ends.reduce<Closing | null>((best, end) => {
    const own = counts.get(end.attempt) ?? noOutcomes;
    const verdict = decide(scope, { ...figuresOf(end), dayOver: end.day_over ?? true, reason: end.reason }, own);
    return betterOf(best, verdict && { ...verdict, end, counts: own });
  }, null);
}

async function write(tx: Transaction, { slice_id }: SliceRow, closing: Closing, now: Date): Promise<void> {
  const { state, reason, end, counts } = closing;
  const { attempt, listed, count_before, count_after } = end;
  const noted = await tx.em.find(Inbox, { slice_id, attempt, notes: { $ne: null } }, { fields: ['notes'] });
  const notes = noted.length > 0 ? sumNotes(noted.map((one) => one.notes)) : null;
  const closed_at = ledgerTime(now);
  const verified_at = state === 'verified' ? closed_at : null;
  const figures = { attempt, listed, count_before, count_after, ...counts };
  await tx.em.nativeUpdate(Slices, { slice_id }, { state, reason, ...figures, notes, closed_at, verified_at });
}

/** What closing a slice of sessions says about its day, beyond its own state. */
async function follow(
  tx: Transaction,
  slice: SliceRow,
  { end }: Closing,
  deletes: DeletePolicy | null,
  now: Date,
): Promise<Candidates> {
  const subject = subjectOf(slice);
  if (subject.kind === 'dictionary') return noCandidates;
  const { day } = subject;
  // Of a day one closing at a time, so that the last one sees what all others left unknown.
  await tx.writer.serialise(`etl day ${day}`);
  const reading = { sliceId: slice.slice_id, attempt: end.attempt, day };
  const counted = scopeOf(slice).whole && (end.day_over ?? true) && isCounted(figuresOf(end));
  if (subject.kind === 'sessions' && subject.why === 'unknown') await noteAskedAgain(tx, reading, subject, now);
  else await noteListed(tx, reading, counted, now);
  await verifyLater(tx, day, now);
  return counted && deletes ? planCandidates(tx, slice, end.attempt, deletes, now) : noCandidates;
}

function scopeOf({ kind, filters, session_limit }: SliceRow): SliceScope {
  return {
    kind: kind === 'dictionary' || kind === 'sessions' ? kind : 'day',
    whole: kind === 'day' && filters === null && session_limit === null,
  };
}

function figuresOf({ listed, count_before, count_after }: LedgerRow<'etl_ends'>) {
  return { listed: listed ?? 0, countBefore: count_before, countAfter: count_after };
}
