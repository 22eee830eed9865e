import type { Lane, Slice } from '#contracts';

import type { Transaction } from '../transaction.js';
import { nextToSend, OUT_PER_LANE } from './dispatch-order.js';
import { ledgerTime, secondsBefore } from './instants.js';
import { Runs, Slices, type LedgerRow } from './rows.js';
import { sliceOf } from './slice-rows.js';

/** Milliseconds that sending what was taken at once may take. */
export const SENDING_MS = 10_000;
/** What is still being sent after so long was taken by a process that died: more than sending may take. */
const SENDING_SECONDS = 20;

/**
 * Marks the slices of a lane that are to be sent next as out, and gives them in the order of sending. Whoever gets
 * slices has to send them within `SENDING_MS` and to say so by `noteSent`, or to put them back; else they are sent again.
 */
export async function takeSlices(tx: Transaction, lane: Lane, now: Date): Promise<Slice[]> {
  // Loaders stand in line here, so that a lane never has more out than it may.
  await tx.writer.serialise(dispatchLock(lane));
  const lost = { state: 'queued', lane, sending_at: { $lt: secondsBefore(now, SENDING_SECONDS) } };
  await tx.em.nativeUpdate(Slices, lost, { state: 'planned', sending_at: null });
  const out = await tx.em.count(Slices, { state: 'queued', lane });
  if (out >= OUT_PER_LANE) return [];
  const taken: Slice[] = [];
  for (const slice of nextToSend((await plannedSlices(tx, lane)).map(sliceOf), out)) {
    const where = { slice_id: slice.sliceId, state: 'planned' };
    const sending = { state: 'queued', moved_at: ledgerTime(now), sending_at: ledgerTime(now) };
    const changed = await tx.em.nativeUpdate(Slices, where, sending);
    // A run cancelled meanwhile has taken its slices away.
    if (changed > 0) taken.push(slice);
  }
  return taken;
}

/** What whoever keeps slices from being dispatched at this moment has to hold. */
export function dispatchLock(lane: Lane): string {
  return `etl dispatch ${lane}`;
}

/** Enough of the planned slices of a lane to choose from: all dictionaries, and the newest days. */
async function plannedSlices({ em }: Transaction, lane: Lane): Promise<LedgerRow<'etl_slices'>[]> {
  const paused = (await em.find(Runs, { state: 'paused' })).map(({ run_id }) => run_id);
  const planned = { state: 'planned', lane, run_id: { $nin: paused } };
  const dictionaries = await em.find(Slices, { ...planned, kind: 'dictionary' });
  const days = { orderBy: { day: 'desc', slice_id: 'asc' }, limit: OUT_PER_LANE } as const;
  return [...dictionaries, ...(await em.find(Slices, { ...planned, kind: { $ne: 'dictionary' } }, days))];
}

/** The broker has these: they come to an extractor, whatever becomes of the loader. */
export async function noteSent({ em }: Transaction, slices: readonly Slice[]): Promise<void> {
  await em.nativeUpdate(Slices, among(slices), { sending_at: null });
}

/** Takes back slices that could not be sent. */
export async function putBack({ em }: Transaction, slices: readonly Slice[]): Promise<void> {
  await em.nativeUpdate(Slices, { ...among(slices), state: 'queued' }, { state: 'planned', sending_at: null });
}

/** Takes back everything that is out: what a process that lost its queues does at its start. */
export async function putBackAll({ em }: Transaction): Promise<number> {
  return em.nativeUpdate(Slices, { state: 'queued' }, { state: 'planned', sending_at: null });
}

function among(slices: readonly Slice[]) {
  return { slice_id: { $in: slices.map(({ sliceId }) => sliceId) } };
}
