import type { Lane, Slice } from '#contracts';

import type { Transaction } from '../transaction.js';
import { nextToSend, OUT_PER_LANE } from './dispatch-order.js';
import { ledgerTime } from './instants.js';
import { Slices } from './rows.js';
import { sliceOf } from './slice-rows.js';

/**
 * Marks the slices of a lane that are to be sent next as out, and gives them in the order of sending. Whoever gets a
 * slice has to send it; nobody else will.
 */
export async function takeSlices(tx: Transaction, lane: Lane, now: Date): Promise<Slice[]> {
  // Loaders stand in line here, so that a lane never has more out than it may.
  await tx.writer.serialise(`etl dispatch ${lane}`);
  const out = await tx.em.count(Slices, { state: 'queued', lane });
  if (out >= OUT_PER_LANE) return [];
  const planned = await tx.em.find(
    Slices,
    { state: 'planned', lane },
    { orderBy: { kind: 'desc', day: 'desc' }, limit: MOST_LOOKED_AT },
  );
  const taken: Slice[] = [];
  for (const slice of nextToSend(planned.map(sliceOf), out)) {
    const where = { slice_id: slice.sliceId, state: 'planned' };
    const changed = await tx.em.nativeUpdate(Slices, where, { state: 'queued', moved_at: ledgerTime(now) });
    // A run cancelled meanwhile has taken its slices away.
    if (changed > 0) taken.push(slice);
  }
  return taken;
}

/** Takes back slices that could not be sent. */
export async function putBack({ em }: Transaction, slices: readonly Slice[]): Promise<void> {
  const slice_id = { $in: slices.map(({ sliceId }) => sliceId) };
  await em.nativeUpdate(Slices, { slice_id, state: 'queued' }, { state: 'planned' });
}

/** Takes back everything that is out: what a process that lost its queues does at its start. */
export async function putBackAll({ em }: Transaction): Promise<number> {
  return em.nativeUpdate(Slices, { state: 'queued' }, { state: 'planned' });
}

// `dictionary` sorts after `day`: this reaches far beyond the dictionaries of any runs open at one time.
const MOST_LOOKED_AT = 200;
