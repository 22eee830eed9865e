import type { Gaps } from '#contracts';

import type { Transaction } from '../transaction.js';
import { dayStandings, type DayStanding } from './coverage.js';
import { dayAfter, daysFrom, isoInstant } from './instants.js';
import { HeldDeletes } from './rows.js';
import { readState } from './state.js';
import { unknownGaps } from './unknown-details.js';

type Gap = Gaps['days'][number];

/** Everything that keeps the database from being complete up to the day before `today`. */
export async function gapsOf(tx: Transaction, today: string): Promise<Gaps> {
  const yesterday = dayAfter(today, -1);
  const startDate = await readState(tx, 'start_date');
  const standings = await dayStandings(tx, { to: yesterday });
  const held = await tx.em.find(HeldDeletes, {}, { orderBy: { day: 'asc' } });
  return {
    days: gapDays(standings, startDate, yesterday),
    ...(await unknownGaps(tx)),
    heldDeletes: held.map(({ day, candidates, sessions, held_at }) => ({
      day,
      candidates: candidates ?? 0,
      sessions: sessions ?? 0,
      heldAt: isoInstant(held_at ?? ''),
    })),
  };
}

/**
 * Days that are not verified: from the start date on every one, before it those that somebody had read, unless all
 * that was planned of them was cancelled.
 */
function gapDays(standings: readonly DayStanding[], startDate: string | null, yesterday: string): Gap[] {
  const known = new Set(standings.map(({ day }) => day));
  const never = (startDate === null ? [] : daysFrom(startDate, yesterday)).filter((day) => !known.has(day));
  const found = standings.flatMap(({ day, standing, reason, readAt, onlyDetails }): Gap[] => {
    if (standing === 'verified') return [];
    if (standing === 'missing' && (startDate === null || day < startDate)) return [];
    const told = reason ?? (standing === 'open' ? 'it is being read' : 'no reason is known');
    return [{ day, state: standing, reason: told, readAt: readAt && isoInstant(readAt), onlyDetails }];
  });
  const missing = never.map((day): Gap => {
    return { day, state: 'missing', reason: 'it was never read', readAt: null, onlyDetails: false };
  });
  return [...found, ...missing].sort((a, b) => a.day.localeCompare(b.day));
}
