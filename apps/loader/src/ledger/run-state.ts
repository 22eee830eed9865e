import type { SliceState } from '#contracts';

export type SliceCounts = Readonly<Record<SliceState, number>>;
export type RunState = 'open' | 'done' | 'failed' | 'cancelled' | 'joined';

/**
 * The state of a run whose slices stand so. A failed run becomes done when a late attempt closes what had failed; a
 * cancelled or joined one stays what it is.
 */
export function runState(now: RunState, slices: SliceCounts): RunState {
  if (now === 'cancelled' || now === 'joined') return now;
  if (slices.planned + slices.queued > 0) return 'open';
  return slices.failed > 0 ? 'failed' : 'done';
}

/** Whether everything planned from a watermark was read, so that the watermark may move. */
export function watermarkMoves(state: RunState, slices: SliceCounts): boolean {
  return state === 'done' && slices.unverified === 0 && slices.cancelled === 0;
}
