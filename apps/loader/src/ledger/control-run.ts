import { lanes } from '#contracts';

import type { Transaction } from '../transaction.js';
import { dispatchLock } from './dispatch.js';
import { ledgerTime, secondsBefore } from './instants.js';
import { noteUnasked } from './note-unknown.js';
import { lockRow, Runs, Slices, type LedgerRow } from './rows.js';
import type { RunState } from './run-state.js';
import { openStates } from './slice-rows.js';

export type Control = 'pause' | 'resume' | 'cancel';

/**
 * Pauses, resumes or cancels a run, or the one it joined, and gives its state after that; null where nobody knows it.
 * A closed run stays what it is. Doing it twice does no more than doing it once.
 */
export async function controlRun(tx: Transaction, runId: string, action: Control, now: Date): Promise<RunState | null> {
  const asked = await tx.em.findOne(Runs, { run_id: runId });
  if (!asked) return null;
  // A slice that is being dispatched at this moment would stay out, and its paused run wait for it.
  if (action === 'pause') for (const lane of lanes) await tx.writer.serialise(dispatchLock(lane));
  const run = await lockRow(tx, Runs, { run_id: asked.joined_to ?? runId });
  const state = run?.state as RunState | undefined;
  if (!run || !state || !takesEffect[action].includes(state)) return state ?? null;
  return controls[action](tx, run, now);
}

/** The states in which each changes anything. */
const takesEffect: Readonly<Record<Control, readonly RunState[]>> = {
  pause: ['open'],
  resume: ['paused'],
  cancel: ['open', 'paused'],
};

type Doing = (tx: Transaction, run: LedgerRow<'etl_runs'>, now: Date) => Promise<RunState>;

const controls: Readonly<Record<Control, Doing>> = {
  async pause({ em }, { run_id }) {
    await em.nativeUpdate(Runs, { run_id }, { state: 'paused' });
    await em.nativeUpdate(Slices, { run_id, state: 'queued' }, { state: 'planned' });
    return 'paused';
  },
  async resume({ em }, { run_id }, now) {
    await em.nativeUpdate(Runs, { run_id }, { state: 'open', resumed_at: ledgerTime(now) });
    return 'open';
  },
  async cancel(tx, { run_id }, now) {
    const closed = { state: 'cancelled', closed_at: ledgerTime(now) };
    await tx.em.nativeUpdate(Runs, { run_id }, closed);
    const reason = 'the run was cancelled';
    const open = { run_id, state: { $in: openStates } };
    for (const slice of await tx.em.find(Slices, { ...open, kind: 'sessions' }))
      await noteUnasked(tx, slice, reason, now);
    await tx.em.nativeUpdate(Slices, open, { ...closed, reason });
    return 'cancelled';
  },
};

/** Runs whose messages are to be dropped on sight: paused, or cancelled within a day. */
export async function stoppedRuns({ em }: Transaction, now: Date): Promise<string[]> {
  const paused = await em.find(Runs, { state: 'paused' });
  const since = secondsBefore(now, STOPPED_FOR_SECONDS);
  const cancelled = await em.find(
    Runs,
    { state: 'cancelled', closed_at: { $gt: since } },
    { orderBy: { closed_at: 'desc' }, limit: MOST_STOPPED },
  );
  return [...paused, ...cancelled].map((run) => run.run_id);
}

const STOPPED_FOR_SECONDS = 86_400;
const MOST_STOPPED = 500;
