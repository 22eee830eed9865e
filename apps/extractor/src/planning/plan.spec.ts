import { dictionaries } from '#contracts';

import { counted, days, facts, filtered, today } from '../../spec/plan-facts.js';
import { addDays, daysBetween } from './days.js';
import { planBackfill, planRange, planTest, testRange } from './plan.js';

const yesterday = addDays(today, -1);

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

  test.each(['tags,%00', 'tags,\ud800', `tags,${'1,'.repeat(2_000)}`])(
    'filters beyond all bounds are refused',
    (filters) => {
      expect(() => range('2026-11-20', '2026-11-20', filters)).toThrow('filters hold what no filter of ET does');
    },
  );
});

describe('a backfill', () => {
  const backfill = (force: boolean, filters?: string) =>
    planBackfill(
      { kind: 'backfill', from: '2026-01-01', to: '2026-01-05', force, filters },
      facts({ verified: counted(['2026-01-02']), onlyDetails: counted(['2026-01-04']) }),
    );

  test('reads the days that are not settled, in its own lane, and dictionaries live', () => {
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
