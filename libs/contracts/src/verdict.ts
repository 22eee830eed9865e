import type { RunReport } from './questions.js';

/** How a run ended. */
export type Verdict = 'verified' | 'incomplete' | 'failed';

/**
 * What scripts are told of a closed run: `verified` loaded and proven, today excepted; `incomplete` with rejects,
 * unverified days or unknown details; `failed` where it was cancelled or a slice could not be read.
 */
export function verdictOf({ state, slices, rejected, unknown }: RunReport): Verdict {
  if (state !== 'done' || (slices.failed ?? 0) > 0) return 'failed';
  return (slices.unverified ?? 0) > 0 || rejected > 0 || unknown > 0 ? 'incomplete' : 'verified';
}
