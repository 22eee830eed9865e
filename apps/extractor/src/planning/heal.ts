import type { AskedSession, Gaps, RunPlan } from '#contracts';

import { dayAt } from './days.js';
import type { PlanFacts, RequestFor } from './facts.js';
import { canonical, daySlice, laneOf, unknownSlices } from './slices.js';

/**
 * Exactly what the gaps name. Whole: days that are missing, failed or unverified for more than missing details, and
 * where deletions are allowed the days that wait for that. By themselves: the unknown details of all other days. Days
 * that are being read are left to that. Nothing to do makes a plan without slices.
 */
export function planHeal(
  { allowDeletes }: RequestFor<'heal'>,
  { now, runId, settings }: Pick<PlanFacts, 'now' | 'runId' | 'settings'>,
  { days, unknown, heldDeletes }: Gaps,
): RunPlan {
  const today = dayAt(now, settings.timezone);
  const open = new Set(days.filter(({ state }) => state === 'open').map(({ day }) => day));
  const held = new Set(allowDeletes ? heldDeletes.map(({ day }) => day) : []);
  const unproven = days.filter(({ day, onlyDetails }) => !open.has(day) && !onlyDetails).map(({ day }) => day);
  const whole = [...new Set([...unproven, ...held])].sort();
  const read = new Set([...open, ...whole]);
  const missing = Map.groupBy(
    unknown.filter(({ day }) => !read.has(day)),
    ({ day }) => day,
  );
  return {
    runId,
    kind: 'heal',
    request: canonical({ kind: 'heal', allowDeletes }),
    slices: [
      ...whole.map((day) => daySlice(runId, laneOf(day, today), day, { allowDeletes: held.has(day) })),
      ...[...missing].flatMap(([day, rows]) => unknownSlices(runId, laneOf(day, today), day, askedSessions(rows))),
    ],
  };
}

function askedSessions(rows: Gaps['unknown']): AskedSession[] {
  return [...Map.groupBy(rows, ({ id }) => id)].map(([id, own]) => ({
    id,
    documents: own.map(({ document }) => document),
  }));
}
