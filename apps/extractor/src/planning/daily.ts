import type { PlannedSlice, PlanState, RunPlan } from '#contracts';

import type { CategoryChanges } from './categories.js';
import { addDays, dayAt, daysBetween } from './days.js';
import { startDateOf, type PlanFacts, type RequestFor } from './facts.js';
import { canonical, daySlice, dictionarySlices, laneOf, RECENT, unknownSlices } from './slices.js';

const UNPROCESSED = 7;

/** What a daily run asks ET before it plans. */
export interface DailyFindings {
  readonly categories: CategoryChanges;
  /** Those of `daysToCount` of which ET now counts another number of sessions. */
  readonly changedDays: ReadonlySet<string>;
}

/** Days whose every session is there as ET counted, though details may be missing: those are asked for by themselves. */
export function settledDays({ verified, onlyDetails }: PlanState): PlanState['verified'] {
  return [...verified, ...onlyDetails];
}

/** Recent days that a daily run has no other reason to read: ET's count tells whether it has one. */
export function daysToCount(facts: PlanFacts): PlanState['verified'] {
  const { startDate, today, isDue } = outlook(facts);
  const recent = addDays(today, -RECENT);
  const from = startDate > recent ? startDate : recent;
  return settledDays(facts.state).filter(({ day }) => day >= from && day < today && !isDue(day));
}

/**
 * The daily run: every dictionary; whole, every day from the start to yesterday that is not settled or whose count
 * changed, the last `rereadDays`, and days of the last week with unprocessed sessions; of the other days of the last
 * 30 what was scored by hand, and what changed categories may have labelled anew; of all others the unknown details
 * whose time has come.
 */
export function planDaily(
  request: RequestFor<'scheduled' | 'sync'>,
  facts: PlanFacts,
  { categories, changedDays }: DailyFindings,
): RunPlan {
  const { state, runId } = facts;
  const { startDate, today, isDue } = outlook(facts);
  const days = daysBetween(startDate, addDays(today, -1));
  const whole = new Set(days.filter((day) => isDue(day) || changedDays.has(day)));
  const filters = {
    manual: 'is_scored,manual',
    ...(categories.changed.length > 0 ? { categories: `categories,${categories.changed.join(',')}|or` } : {}),
  };
  const slices = days.flatMap((day): PlannedSlice[] => {
    const lane = laneOf(day, today);
    if (whole.has(day)) return [daySlice(runId, lane, day)];
    if (lane === 'backfill') return [];
    return Object.entries(filters).map(([what, parts]) => daySlice(runId, lane, day, { what, filters: parts }));
  });
  const unknown = state.dueUnknown
    .filter(({ day }) => !whole.has(day))
    .flatMap(({ day, sessions }) => unknownSlices(runId, laneOf(day, today), day, sessions));
  return {
    runId,
    kind: request.kind,
    request: request.kind === 'sync' ? canonical({ kind: 'sync' }) : '',
    ...(request.kind === 'scheduled' ? { tick: request.tick } : {}),
    startDate,
    ...(categories.watermark === null ? {} : { categoriesWatermark: categories.watermark }),
    slices: [...dictionarySlices(runId), ...slices, ...unknown],
  };
}

/** The days a daily run looks after, and which of them it reads whole whatever ET counts. */
function outlook({ state, now, settings }: PlanFacts) {
  const today = dayAt(now, settings.timezone);
  const settled = new Set(settledDays(state).map(({ day }) => day));
  const unprocessed = new Set(state.unprocessedDays);
  const rereadFrom = addDays(today, -settings.rereadDays);
  const unprocessedFrom = addDays(today, -UNPROCESSED);
  return {
    today,
    startDate: startDateOf(state, settings, today),
    isDue: (day: string) => day >= rereadFrom || (day >= unprocessedFrom && unprocessed.has(day)) || !settled.has(day),
  };
}
