/** Of one phase: how long live slices took from being dispatched to being closed, milliseconds. */
export interface Phase {
  readonly slices: number;
  readonly p50: number;
  readonly p95: number;
}

/** The live lane by itself, and right after it with a backfill beside it. */
export interface Pair {
  readonly alone: Phase;
  readonly beside: Phase;
}

export interface Comparison extends Pair {
  /** Milliseconds by which p95 is worse beside a backfill: the median of what the pairs differ by. */
  readonly worse: number;
  readonly met: boolean;
}

/** The aim: p95 beside a backfill at most so much worse, the larger of the two. */
const MOST_WORSE = { ratio: 0.25, ms: 1000 } as const;

/** Throws where nothing was measured. */
export function phaseOf(times: readonly number[]): Phase {
  return { slices: times.length, p50: percentile(times, 0.5), p95: percentile(times, 0.95) };
}

/** Medians of the pairs, and whether the aim is met. */
export function compare(pairs: readonly Pair[]): Comparison {
  const alone = medianPhase(pairs.map((pair) => pair.alone));
  const beside = medianPhase(pairs.map((pair) => pair.beside));
  const worse = percentile(
    pairs.map((pair) => pair.beside.p95 - pair.alone.p95),
    0.5,
  );
  return { alone, beside, worse, met: worse <= Math.max(MOST_WORSE.ms, MOST_WORSE.ratio * alone.p95) };
}

function medianPhase(phases: readonly Phase[]): Phase {
  const median = (of: (phase: Phase) => number) => percentile(phases.map(of), 0.5);
  return { slices: median(({ slices }) => slices), p50: median(({ p50 }) => p50), p95: median(({ p95 }) => p95) };
}

/** The least value that so large a share of all does not exceed. */
function percentile(values: readonly number[], share: number): number {
  const value = values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(share * values.length) - 1)];
  if (value === undefined) throw new Error('nothing was measured');
  return value;
}
