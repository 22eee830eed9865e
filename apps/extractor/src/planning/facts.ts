import type { PlanState } from '#contracts';

import { addDays } from './days.js';
import type { RunRequest } from './requests.js';
import { RECENT } from './slices.js';

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

/** Requests of one kind. */
export type RequestFor<K extends RunRequest['kind']> = Extract<RunRequest, { kind: K }>;

/** The first day to keep complete: as set, else as the ledger keeps it, else 30 days before today. */
export function startDateOf(state: PlanState, settings: PlanSettings, today: string): string {
  return settings.startDate ?? state.startDate ?? addDays(today, -RECENT);
}
