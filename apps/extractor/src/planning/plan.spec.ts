import fc from 'fast-check';

import { dictionaries, runPlan, type PlannedSlice, type PlanState, type RunPlan } from '#contracts';

import { addDays, daysBetween } from './days.js';
import { planBackfill, planDaily, planRange, planTest, testRange, type PlanFacts } from './plan.js';

const today = '2026-11-22';
const yesterday = addDays(today, -1);
const nothing: PlanState = {
  startDate: null,
  verified: [],
  onlyDetails: [],
  dueUnknown: [],
  unprocessedDays: [],
  categoriesWatermark: null,
  lastTick: null,
};
const unchanged = { changed: [], watermark: null };
const sync = { kind: 'sync' } as const;

function facts(state: Partial<PlanState> = {}, settings: Partial<PlanFacts['settings']> = {}): PlanFacts {
  return {
    state: { ...nothing, ...state },
    now: new Date('2026-11-21T23:00:00Z'),
    runId: 'r',
    settings: { timezone: 'Europe/Kyiv', rereadDays: 2, ...settings },
  };
}

const days = (plan: RunPlan, wanted: (slice: PlannedSlice) => boolean = () => true) =>
  plan.slices.filter(wanted).flatMap(({ subject }) => (subject.kind === 'day' ? [subject.day] : []));
const counted = (days: readonly string[]) => days.map((day) => ({ day, count: 1 }));
const whole = ({ subject }: PlannedSlice) => subject.kind === 'day' && !subject.filters && !subject.limit;
const filtered = ({ subject }: PlannedSlice) => subject.kind === 'day' && subject.filters !== undefined;

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
    const changed = planDaily(sync, facts(state), { changed: [4, 9], watermark: '2026-11-20T00:00:00.000000' });
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
          const changes = { changed: [1], watermark: 'x' };
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

describe('an explicit range', () => {
  const range = (from: string, to?: string, filters?: string) =>
    planRange({ kind: 'range', from, to, filters }, facts({ verified: counted(daysBetween('2026-01-01', yesterday)) }));

  test('reads every day of it again, up to yesterday without an end, and every dictionary', () => {
    expect(days(range('2026-11-19'))).toEqual(['2026-11-19', '2026-11-20', '2026-11-21']);
    expect(range('2026-11-19').slices).toHaveLength(10);
  });

  test('may include today, and ends there', () => {
    expect(days(range('2026-11-21', '2026-12-31'))).toEqual(['2026-11-21', '2026-11-22']);
    expect(days(range(today))).toEqual([today]);
  });

  test('passes filters on, decoded, and is known again by its canonical request', () => {
    const encoded = range('2026-11-20', '2026-11-21', 'is_scored%2Cmanual');
    expect(days(encoded, filtered)).toHaveLength(2);
    expect(encoded.request).toBe(range('2026-11-20', '2026-11-21', 'is_scored,manual').request);
    expect(encoded.request).not.toBe(range('2026-11-20', '2026-11-21').request);
  });

  test.each([
    ['2026-02-31', undefined, 'no day of the calendar'],
    ['2026-11-20', '2026-11-31', 'no day of the calendar'],
    ['2026-11-20', '2026-11-19', 'after its end'],
    ['2026-11-23', undefined, 'in the future'],
    ['1990-01-01', undefined, 'above 20 years'],
  ])('from %s to %s is refused: %s', (from, to, reason) => {
    expect(() => range(from, to)).toThrow(reason);
  });
});

describe('a backfill', () => {
  const backfill = (force: boolean, filters?: string) =>
    planBackfill(
      { kind: 'backfill', from: '2026-01-01', to: '2026-01-05', force, filters },
      facts({ verified: counted(['2026-01-02', '2026-01-04']) }),
    );

  test('reads the days that are not verified, in its own lane, and dictionaries live', () => {
    expect(days(backfill(false), ({ lane }) => lane === 'backfill')).toEqual([
      '2026-01-01',
      '2026-01-03',
      '2026-01-05',
    ]);
    expect(backfill(false).slices.filter(({ lane }) => lane === 'live')).toHaveLength(dictionaries.length);
  });

  test('reads all of them with force or a filter', () => {
    expect(days(backfill(true))).toHaveLength(5);
    expect(days(backfill(false, 'reviewers,true'))).toHaveLength(5);
  });
});

describe('a test', () => {
  const request = { kind: 'test', limit: 10 } as const;
  const limits = (counts: { day: string; count: number }[]) =>
    planTest(request, facts(), testRange(request, facts()), counts)
      .slices.slice(dictionaries.length)
      .map(({ subject }) => (subject.kind === 'day' ? [subject.day, subject.limit] : []));

  test('looks from the first day to keep complete to yesterday', () => {
    expect(testRange(request, facts())).toEqual({ from: '2026-10-23', to: yesterday });
    expect(testRange({ ...request, from: '2026-11-01', to: '2026-11-02' }, facts())).toEqual({
      from: '2026-11-01',
      to: '2026-11-02',
    });
  });

  test('takes the newest days until the limit is spent', () => {
    const counts = [
      { day: '2026-11-21', count: 4 },
      { day: '2026-11-20', count: 0 },
      { day: '2026-11-19', count: 9 },
      { day: '2026-11-18', count: 9 },
    ];
    expect(limits(counts)).toEqual([
      ['2026-11-21', 4],
      ['2026-11-19', 6],
    ]);
    expect(limits(counts.slice(0, 2))).toEqual([['2026-11-21', 4]]);
  });
});
