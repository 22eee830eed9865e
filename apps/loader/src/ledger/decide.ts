import type { Outcome, SliceState, Subject } from '#contracts';

/** How often each outcome was given for the distinct keys of one attempt. */
export type OutcomeCounts = Readonly<Record<Outcome, number>>;

export interface SliceScope {
  readonly kind: Subject['kind'];
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
  const lacking = outcomes.unknown > 0 ? `details of ${outcomes.unknown} could not be had` : null;
  if (scope.kind === 'sessions') return { state: 'complete', reason: told(lacking, end.reason) };
  if (scope.kind === 'day' && !end.dayOver) {
    return { state: 'complete', reason: told('the day is not over', lacking, end.reason) };
  }
  // A limit cuts the listing on purpose: then ET was not asked for a count, and there is none to disagree with.
  const uncounted = !scope.whole && end.countBefore === null && end.countAfter === null;
  const gap = scope.kind === 'dictionary' || uncounted || isCounted(end) ? null : gapOf(end);
  const reason = told(lacking, gap, end.reason);
  if (lacking !== null || gap !== null) return { state: 'unverified', reason };
  return { state: scope.kind === 'dictionary' || scope.whole ? 'verified' : 'complete', reason };
}

/** Whether a listing held exactly what ET counted before and after it. */
export function isCounted({ listed, countBefore, countAfter }: Omit<AttemptEnd, 'dayOver' | 'reason'>): boolean {
  return countBefore === listed && countAfter === listed;
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

function told(...reasons: (string | null)[]): string | null {
  return reasons.filter((reason) => reason !== null).join('; ') || null;
}

function gapOf({ listed, countBefore, countAfter }: AttemptEnd): string {
  const said = (count: number | null) => (count === null ? 'nothing' : String(count));
  return `ET counted ${said(countBefore)} before and ${said(countAfter)} after listing ${listed}`;
}
