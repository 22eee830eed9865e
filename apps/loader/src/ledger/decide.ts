import type { Outcome, SliceState } from '#contracts';

/** How often each outcome was given for the distinct keys of one attempt. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export interface SliceScope {
  readonly kind: 'dictionary' | 'day';
  /** False where a filter or a limit keeps the slice from proving anything about the whole day. */
  readonly whole: boolean;
}

/** What an end message said. Counts are ET's own; null where ET was not asked. */
export interface AttemptEnd {
  readonly listed: number;
  readonly countBefore: number | null;
  readonly countAfter: number | null;
  readonly dayOver: boolean;
  readonly reason: string | null;
}

export interface Verdict {
  readonly state: Extract<SliceState, 'verified' | 'complete' | 'unverified'>;
  readonly reason: string | null;
}

/**
 * How an attempt closes its slice; null while keys that were listed are still unanswered.
 * Source: design, "Closing a slice".
 */
export function decide(scope: SliceScope, end: AttemptEnd, outcomes: OutcomeCounts): Verdict | null {
  if (answeredOf(outcomes) < end.listed) return null;
  if (outcomes.unknown > 0)
    return { state: 'unverified', reason: `${outcomes.unknown} lack details that could not be had` };
  if (scope.kind === 'dictionary') return { state: 'verified', reason: end.reason };
  if (!end.dayOver) return { state: 'complete', reason: told('the day is not over', end.reason) };
  const counted = [end.countBefore, end.countAfter].every((count) => count === end.listed);
  // A limit cuts the listing on purpose: then ET was not asked for a count, and there is none to disagree with.
  const cut = !scope.whole && end.countBefore === null && end.countAfter === null;
  if (!counted && !cut) return { state: 'unverified', reason: told(gap(end), end.reason) };
  return { state: scope.whole ? 'verified' : 'complete', reason: end.reason };
}

/** The better of two closings of one slice, where two attempts both came to their end. */
export function betterOf<V extends Verdict>(one: V | null, other: V | null): V | null {
  if (!one || !other) return one ?? other;
  return rank[one.state] <= rank[other.state] ? one : other;
}

export function answeredOf(outcomes: OutcomeCounts): number {
  return outcomes.gone + outcomes.loaded + outcomes.rejected + outcomes.unknown;
}

const rank = { verified: 0, complete: 1, unverified: 2 } as const satisfies Record<Verdict['state'], number>;

function told(why: string, more: string | null): string {
  return more === null ? why : `${why}; ${more}`;
}

function gap({ listed, countBefore, countAfter }: AttemptEnd): string {
  const said = (count: number | null) => (count === null ? 'nothing' : String(count));
  return `ET counted ${said(countBefore)} before and ${said(countAfter)} after listing ${listed}`;
}
