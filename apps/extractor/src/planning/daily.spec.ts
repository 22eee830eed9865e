import fc from 'fast-check';

import { dictionaries, runPlan, type AskedSession, type PlanState } from '#contracts';

import { alone, counted, days, facts, filtered, today, whole } from '../../spec/plan-facts.js';
import type { CategoryChanges } from './categories.js';
import { daysToCount, planDaily, type DailyFindings } from './daily.js';
import { addDays, daysBetween } from './days.js';

const yesterday = addDays(today, -1);
const sync = { kind: 'sync' } as const;
const found = (categories: CategoryChanges): DailyFindings => ({ categories, changedDays: new Set() });
const unchanged = found({ changed: [], watermark: null });

describe('the daily run', () => {
  test('on an empty ledger: every dictionary and the last 30 days, live', () => {
    const plan = planDaily(sync, facts(), unchanged);
    expect(plan.slices.slice(0, 7).map(({ sliceId }) => sliceId)).toEqual(dictionaries.map((name) => `r:${name}`));
    expect(days(plan)).toEqual(daysBetween('2026-10-23', yesterday));
    expect(new Set(plan.slices.map(({ lane }) => lane))).toEqual(new Set(['live']));
    expect(plan).toMatchObject({ kind: 'sync', startDate: '2026-10-23', request: '{"kind":"sync"}' });
  });

  test('takes unverified days older than 30 days by the backfill lane', () => {
    const plan = planDaily(sync, facts({}, { startDate: '2026-10-01' }), unchanged);
    expect(days(plan, ({ lane }) => lane === 'backfill')).toEqual(daysBetween('2026-10-01', '2026-10-22'));
    expect(days(plan, ({ lane }) => lane === 'live')).toEqual(daysBetween('2026-10-23', yesterday));
  });

  test('the start as set goes before the one the ledger keeps', () => {
    expect(planDaily(sync, facts({ startDate: '2026-11-01' }), unchanged).startDate).toBe('2026-11-01');
    expect(planDaily(sync, facts({ startDate: '2026-11-01' }, { startDate: '2026-01-01' }), unchanged).startDate).toBe(
      '2026-01-01',
    );
  });

  test('reads a verified day again in its last two days, or in the last week while unprocessed', () => {
    const plan = planDaily(
      sync,
      facts({
        verified: counted(daysBetween('2026-10-23', yesterday)),
        unprocessedDays: ['2026-11-14', '2026-11-15', '2026-11-18'],
      }),
      unchanged,
    );
    expect(days(plan, whole)).toEqual(['2026-11-15', '2026-11-18', '2026-11-20', '2026-11-21']);
  });

  test('asks the other recent days for manual scores, and for categories that changed', () => {
    const state = { verified: counted(daysBetween('2026-10-01', yesterday)), startDate: '2026-10-01' };
    const others = daysBetween('2026-10-23', '2026-11-19');
    const manual = planDaily(sync, facts(state), unchanged);
    expect(days(manual, filtered)).toEqual(others);
    expect(manual.slices.at(-3)).toMatchObject({
      sliceId: 'r:2026-11-19:manual',
      subject: { day: '2026-11-19', filters: 'is_scored,manual' },
    });
    const changed = planDaily(sync, facts(state), found({ changed: [4, 9], watermark: '2026-11-20T00:00:00.000000' }));
    expect(changed.categoriesWatermark).toBe('2026-11-20T00:00:00.000000');
    expect(changed.slices.filter(({ sliceId }) => /^r:2.*:categories$/.test(sliceId))).toHaveLength(others.length);
    expect(changed.slices.at(-3)?.subject).toMatchObject({ filters: 'categories,4,9|or' });
  });

  test('of a tick is never joined, and carries it', () => {
    const plan = planDaily({ kind: 'scheduled', tick: '2026-11-21T22:05:00.000Z' }, facts(), unchanged);
    expect(plan).toMatchObject({ kind: 'scheduled', request: '', tick: '2026-11-21T22:05:00.000Z' });
  });

  test('whatever is verified: every slice once, no day of today or before the start, every unverified day whole', () => {
    const someDays = fc.uniqueArray(fc.integer({ min: 1, max: 90 }).map((ago) => addDays(today, -ago)));
    fc.assert(
      fc.property(
        someDays,
        someDays,
        fc.integer({ min: 1, max: 80 }),
        fc.nat(9),
        (verifiedDays, unprocessedDays, ago, rereadDays) => {
          const startDate = addDays(today, -ago);
          const changes = found({ changed: [1], watermark: 'x' });
          const plan = planDaily(
            sync,
            facts({ verified: counted(verifiedDays), unprocessedDays }, { startDate, rereadDays }),
            changes,
          );
          runPlan.parse(plan);
          expect(new Set(plan.slices.map(({ sliceId }) => sliceId)).size).toBe(plan.slices.length);
          const unverified = daysBetween(startDate, yesterday).filter((day) => !verifiedDays.includes(day));
          expect(days(plan, whole)).toEqual(expect.arrayContaining(unverified));
          expect(days(plan).every((day) => day >= startDate && day < today)).toBe(true);
          const wholeDays = new Set(days(plan, whole));
          expect(days(plan, filtered).some((day) => wholeDays.has(day))).toBe(false);
        },
      ),
    );
  });
});

describe('recent days that nothing else has a daily run read', () => {
  const state = { verified: counted(daysBetween('2026-10-01', yesterday)), startDate: '2026-10-01' };

  test('are counted: verified ones, and those that only lack details', () => {
    const counts = daysToCount(facts({ ...state, unprocessedDays: ['2026-11-18'] }));
    const expected = daysBetween('2026-10-23', '2026-11-19').filter((day) => day !== '2026-11-18');
    expect(counts).toEqual(counted(expected));
    expect(daysToCount(facts({ onlyDetails: [{ day: '2026-11-10', count: 9 }] }))).toEqual([
      { day: '2026-11-10', count: 9 },
    ]);
    expect(daysToCount(facts({ ...state, startDate: '2026-11-18' }))).toEqual(counted(['2026-11-18', '2026-11-19']));
  });

  test('are read whole where ET counts another number, and only then', () => {
    const plan = planDaily(sync, facts(state), { ...unchanged, changedDays: new Set(['2026-11-03']) });
    expect(days(plan, whole)).toEqual(['2026-11-03', '2026-11-20', '2026-11-21']);
    expect(days(plan, filtered)).not.toContain('2026-11-03');
  });
});

describe('unknown details whose time has come', () => {
  const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  const sessions = (count: number): AskedSession[] =>
    Array.from({ length: count }, (_, number) => ({ id: id(number), documents: ['summary'] }));

  test('are asked for by themselves, 50 sessions at a time, in the lane of their day', () => {
    const dueUnknown: PlanState['dueUnknown'] = [
      { day: '2026-11-10', sessions: sessions(101) },
      { day: '2026-01-10', sessions: [{ id: id(7), documents: ['scores', 'comments'] }] },
    ];
    const verified = counted(daysBetween('2026-10-23', yesterday));
    const plan = planDaily(sync, facts({ verified, dueUnknown }), unchanged);
    const asked = alone(plan);
    expect(asked.map(([sliceId, lane]) => [sliceId, lane])).toEqual([
      ['r:2026-11-10:u0', 'live'],
      ['r:2026-11-10:u1', 'live'],
      ['r:2026-11-10:u2', 'live'],
      ['r:2026-01-10:u0', 'backfill'],
    ]);
    expect(asked.slice(0, 3).flatMap(([, , ids]) => ids)).toEqual(
      sessions(101).map((session) => `${session.id} summary`),
    );
    expect(asked[3]?.[2]).toEqual([`${id(7)} scores,comments`]);
    runPlan.parse(plan);
  });

  test('are left to the reading of their day where that is read whole', () => {
    const dueUnknown = [{ day: yesterday, sessions: sessions(1) }];
    expect(alone(planDaily(sync, facts({ dueUnknown }), unchanged))).toEqual([]);
  });

  test('are no reason to read their day', () => {
    const onlyDetails = counted(['2026-11-10', '2026-10-01']);
    const plan = planDaily(sync, facts({ onlyDetails, startDate: '2026-10-01' }), unchanged);
    expect(days(plan, whole)).not.toContain('2026-11-10');
    expect(days(plan)).not.toContain('2026-10-01');
    expect(days(plan, filtered)).toEqual(['2026-11-10']);
  });
});
