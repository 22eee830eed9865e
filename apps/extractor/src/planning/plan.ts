import { dictionaries, type Lane, type PlannedSlice, type PlanState, type RunPlan } from '#contracts';

import type { CategoryChanges } from './categories.js';
import { addDays, dayAt, daysBetween } from './days.js';
import { rangeOf, type Range, type RunRequest } from './requests.js';

/** Days of the past that the live lane cares for; older ones travel as backfill. */
const RECENT = 30;
const UNPROCESSED = 7;

export interface PlanSettings {
  readonly timezone: string;
  readonly startDate?: string;
  readonly rereadDays: number;
}

/** What is known when planning. */
export interface PlanFacts {
  readonly state: PlanState;
  readonly now: Date;
  readonly runId: string;
  readonly settings: PlanSettings;
}

type Of<K extends RunRequest['kind']> = Extract<RunRequest, { kind: K }>;

/** The first day to keep complete: as set, else as the ledger keeps it, else 30 days before today. */
export function startDateOf(state: PlanState, settings: PlanSettings, today: string): string {
  return settings.startDate ?? state.startDate ?? addDays(today, -RECENT);
}

/**
 * The daily run: every dictionary; whole, every day from the start to yesterday that is not verified, the last
 * `rereadDays`, and days of the last week with unprocessed sessions; of the other days of the last 30 what was scored
 * by hand, and what changed categories may have labelled anew.
 */
export function planDaily(request: Of<'scheduled' | 'sync'>, facts: PlanFacts, categories: CategoryChanges): RunPlan {
  const { state, now, runId, settings } = facts;
  const today = dayAt(now, settings.timezone);
  const startDate = startDateOf(state, settings, today);
  const verified = new Set(state.verified.map(({ day }) => day));
  const unprocessed = new Set(state.unprocessedDays);
  const recentFrom = addDays(today, -RECENT);
  const rereadFrom = addDays(today, -settings.rereadDays);
  const unprocessedFrom = addDays(today, -UNPROCESSED);

  const slices = daysBetween(startDate, addDays(today, -1)).flatMap((day): PlannedSlice[] => {
    const again = day >= rereadFrom || (day >= unprocessedFrom && unprocessed.has(day));
    const recent = day >= recentFrom;
    if (again || !verified.has(day)) return [daySlice(runId, recent || again ? 'live' : 'backfill', day)];
    if (!recent) return [];
    const changed = categories.changed.length > 0 ? [`categories,${categories.changed.join(',')}|or`] : [];
    return [
      daySlice(runId, 'live', day, { what: 'manual', filters: 'is_scored,manual' }),
      ...changed.map((filters) => daySlice(runId, 'live', day, { what: 'categories', filters })),
    ];
  });
  return {
    runId,
    kind: request.kind,
    request: request.kind === 'sync' ? canonical({ kind: 'sync' }) : '',
    ...(request.kind === 'scheduled' ? { tick: request.tick } : {}),
    startDate,
    ...(categories.watermark === null ? {} : { categoriesWatermark: categories.watermark }),
    slices: [...dictionarySlices(runId), ...slices],
  };
}

/** An explicit range: every dictionary, and every day whether verified or not. */
export function planRange(request: Of<'range'>, { now, runId, settings }: PlanFacts): RunPlan {
  const range = rangeOf(request, dayAt(now, settings.timezone));
  const days = daysBetween(range.from, range.to).map((day) => daySlice(runId, 'live', day, range));
  return {
    runId,
    kind: 'range',
    request: canonical({ kind: 'range', ...range }),
    slices: [...dictionarySlices(runId), ...days],
  };
}

/** History: days that are not verified, or with `force` or a filter every day, in the backfill lane. */
export function planBackfill(request: Of<'backfill'>, { state, now, runId, settings }: PlanFacts): RunPlan {
  const range = rangeOf(request, dayAt(now, settings.timezone));
  const verified = new Set(request.force || range.filters ? [] : state.verified.map(({ day }) => day));
  const days = daysBetween(range.from, range.to)
    .filter((day) => !verified.has(day))
    .map((day) => daySlice(runId, 'backfill', day, range));
  return {
    runId,
    kind: 'backfill',
    request: canonical({ kind: 'backfill', ...range, force: request.force }),
    slices: [...dictionarySlices(runId), ...days],
  };
}

/** The range of a test: as asked, else from the first day to keep complete. */
export function testRange(request: Of<'test'>, { state, now, settings }: PlanFacts): Range {
  const today = dayAt(now, settings.timezone);
  return rangeOf({ ...request, from: request.from ?? startDateOf(state, settings, today) }, today);
}

/**
 * A test: every dictionary, and so many sessions, of the newest days first. `counts` are ET's own, newest day first;
 * days after the one that spends the limit need none.
 */
export function planTest(
  request: Of<'test'>,
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

function dictionarySlices(runId: string): PlannedSlice[] {
  return dictionaries.map((dictionary) => ({
    sliceId: `${runId}:${dictionary}`,
    lane: 'live',
    subject: { kind: 'dictionary', dictionary },
  }));
}

function daySlice(
  runId: string,
  lane: Lane,
  day: string,
  { what, filters, limit }: { what?: string; filters?: string; limit?: number } = {},
): PlannedSlice {
  return {
    sliceId: [runId, day, ...(what ? [what] : [])].join(':'),
    lane,
    subject: { kind: 'day', day, ...(filters ? { filters } : {}), ...(limit ? { limit } : {}) },
  };
}

/** One text a request, whatever the order of its parts: equal unfinished ones are joined by it. */
function canonical(request: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1))));
}
