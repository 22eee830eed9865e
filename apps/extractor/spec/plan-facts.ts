import type { PlannedSlice, PlanState, RunPlan } from '#contracts';

import type { PlanFacts } from '../src/planning/facts.js';

export const today = '2026-11-22';

const nothing: PlanState = {
  startDate: null,
  verified: [],
  onlyDetails: [],
  dueUnknown: [],
  unprocessedDays: [],
  categoriesWatermark: null,
  lastTick: null,
};

/** Just after midnight in Kyiv, on an empty ledger unless told otherwise. */
export function facts(state: Partial<PlanState> = {}, settings: Partial<PlanFacts['settings']> = {}): PlanFacts {
  return {
    state: { ...nothing, ...state },
    now: new Date('2026-11-21T23:00:00Z'),
    runId: 'r',
    settings: { timezone: 'Europe/Kyiv', rereadDays: 2, ...settings },
  };
}

export const days = (plan: RunPlan, wanted: (slice: PlannedSlice) => boolean = () => true) =>
  plan.slices.filter(wanted).flatMap(({ subject }) => (subject.kind === 'day' ? [subject.day] : []));
export const counted = (some: readonly string[]) => some.map((day) => ({ day, count: 1 }));
export const whole = ({ subject }: PlannedSlice) => subject.kind === 'day' && !subject.filters && !subject.limit;
export const filtered = ({ subject }: PlannedSlice) => subject.kind === 'day' && subject.filters !== undefined;

/** What single sessions are asked for: slice, lane and `id document,document`. */
export const alone = (plan: RunPlan) =>
  plan.slices.flatMap(({ sliceId, lane, subject }) =>
    subject.kind === 'sessions'
      ? [[sliceId, lane, subject.sessions.map(({ id, documents }) => `${id} ${documents.join(',')}`)]]
      : [],
  );
