import { dictionaries, MAX_ASKED_SESSIONS, type AskedSession, type Lane, type PlannedSlice } from '#contracts';

import { addDays } from './days.js';

/** Days of the past that the live lane cares for; older ones travel as backfill. */
export const RECENT = 30;

/** Every dictionary. */
export function dictionarySlices(runId: string): PlannedSlice[] {
  return dictionaries.map((dictionary) => ({
    sliceId: `${runId}:${dictionary}`,
    lane: 'live',
    subject: { kind: 'dictionary', dictionary },
  }));
}

interface DayParts {
  /** Tells slices of one day apart. */
  readonly what?: string;
  readonly filters?: string;
  readonly limit?: number;
  readonly allowDeletes?: boolean;
}

/** A day, whole unless told otherwise. */
export function daySlice(
  runId: string,
  lane: Lane,
  day: string,
  { what, filters, limit, allowDeletes }: DayParts = {},
): PlannedSlice {
  return {
    sliceId: [runId, day, ...(what ? [what] : [])].join(':'),
    lane,
    subject: {
      kind: 'day',
      day,
      ...(filters ? { filters } : {}),
      ...(limit ? { limit } : {}),
      ...(allowDeletes ? { allowDeletes } : {}),
    },
  };
}

/** Unknown details of single sessions of a day. */
export function unknownSlices(
  runId: string,
  lane: Lane,
  day: string,
  sessions: readonly AskedSession[],
): PlannedSlice[] {
  return Array.from({ length: Math.ceil(sessions.length / MAX_ASKED_SESSIONS) }, (_, index) => {
    const part = sessions.slice(index * MAX_ASKED_SESSIONS, (index + 1) * MAX_ASKED_SESSIONS);
    const subject = { kind: 'sessions', day, why: 'unknown', sessions: part } as const;
    return { sliceId: `${runId}:${day}:u${index}`, lane, subject };
  });
}

/** The lane of a day's work by its age. */
export function laneOf(day: string, today: string): Lane {
  return day >= addDays(today, -RECENT) ? 'live' : 'backfill';
}

/** One text a request, whatever the order of its parts: equal unfinished ones are joined by it. */
export function canonical(request: Readonly<Record<string, string | number | boolean>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(request).sort(([a], [b]) => (a < b ? -1 : 1))));
}
