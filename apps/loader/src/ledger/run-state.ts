import type { SliceState } from '#contracts';

export type SliceCounts = Readonly<Record<SliceState, number>>;
export type RunState = 'open' | 'paused' | 'done' | 'failed' | 'cancelled' | 'joined';
/** Runs that still have something to do. */
export const unfinished = ['open', 'paused'] as const satisfies RunState[];

/**
 * The state of a run whose slices stand so. A failed run becomes done when a late attempt closes what had failed; a
 * paused one is closed by what was still on its way; a cancelled or joined one stays what it is.
 */
export function runState(now: RunState, slices: SliceCounts): RunState {
  if (now === 'cancelled' || now === 'joined') return now;
  if (slices.planned + slices.queued > 0) return now === 'paused' ? 'paused' : 'open';
  return slices.failed > 0 ? 'failed' : 'done';
}

/**
 * Whether everything planned from a watermark was read, so that the watermark may move. `doubtful` are the slices whose
 * listing disagrees with ET's count; details that are missing are asked for by themselves.
 */
export function watermarkMoves(state: RunState, slices: SliceCounts, doubtful: number): boolean {
  return state === 'done' && doubtful === 0 && slices.cancelled === 0;
}
