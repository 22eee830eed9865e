import type { RunPlan } from '#contracts';

import { settledDays } from './daily.js';
import { dayAt, daysBetween } from './days.js';
import { startDateOf, type PlanFacts, type RequestFor } from './facts.js';
import { rangeOf, type Range } from './requests.js';
import { canonical, daySlice, dictionarySlices } from './slices.js';

/** An explicit range: every dictionary, and every day whether verified or not. */
export function planRange(request: RequestFor<'range'>, { now, runId, settings }: PlanFacts): RunPlan {
  const range = rangeOf(request, dayAt(now, settings.timezone));
  const days = daysBetween(range.from, range.to).map((day) => daySlice(runId, 'live', day, range));
  return {
    runId,
    kind: 'range',
    request: canonical({ kind: 'range', ...range }),
    slices: [...dictionarySlices(runId), ...days],
  };
}

/**
 * History, in the backfill lane: days that are not settled, or with `force` or a filter every day. Unknown details of
 * settled ones are asked for by daily runs as their time comes, and by `heal`.
 */
export function planBackfill(request: RequestFor<'backfill'>, { state, now, runId, settings }: PlanFacts): RunPlan {
  const range = rangeOf(request, dayAt(now, settings.timezone));
  const settled = new Set(request.force || range.filters ? [] : settledDays(state).map(({ day }) => day));
  const days = daysBetween(range.from, range.to)
    .filter((day) => !settled.has(day))
    .map((day) => daySlice(runId, 'backfill', day, range));
  return {
    runId,
    kind: 'backfill',
    request: canonical({ kind: 'backfill', ...range, force: request.force }),
    slices: [...dictionarySlices(runId), ...days],
  };
}

/** The range of a test: as asked, else from the first day to keep complete. */
export function testRange(request: RequestFor<'test'>, { state, now, settings }: PlanFacts): Range {
  const today = dayAt(now, settings.timezone);
  return rangeOf({ ...request, from: request.from ?? startDateOf(state, settings, today) }, today);
}

/**
 * A test: every dictionary, and so many sessions, of the newest days first. `counts` are ET's own, newest day first;
 * days after the one that spends the limit need none.
 */
export function planTest(
  request: RequestFor<'test'>,
  { runId }: PlanFacts,
  range: Range,
  counts: readonly { readonly day: string; readonly count: number }[],
): RunPlan {
  let left = request.limit;
  const days = counts.flatMap(({ day, count }) => {
    const limit = Math.min(left, count);
    left -= limit;
    return limit > 0 ? [daySlice(runId, 'live', day, { ...range, limit })] : [];
  });
  return {
    runId,
    kind: 'test',
    request: canonical({ kind: 'test', ...range, limit: request.limit }),
    slices: [...dictionarySlices(runId), ...days],
  };
}
