import fc from 'fast-check';

import { addDays, countDays, dayAt, daysBetween, isDay } from './days.js';

const anyDay = fc
  .date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

test.each(['2026-02-31', '2025-02-29', '2026-13-01', '2026-1-1', '2026-11-20T00:00', 'yesterday', ''])(
  '%p is no day',
  (text) => {
    expect(isDay(text)).toBe(false);
  },
);

test('29 February is a day in leap years', () => {
  expect([isDay('2028-02-29'), isDay('2000-02-29'), isDay('2100-02-29')]).toEqual([true, true, false]);
});

test('days are counted one after the other, without gaps or doubles', () => {
  fc.assert(
    fc.property(anyDay, fc.integer({ min: 1, max: 800 }), (first, count) => {
      const days = daysBetween(first, addDays(first, count - 1));
      expect(days).toHaveLength(count);
      expect(new Set(days).size).toBe(count);
      expect([...days].sort()).toEqual(days);
      expect(days.every(isDay)).toBe(true);
      expect(countDays(first, days.at(-1) ?? '')).toBe(count);
    }),
  );
});

test.each([
  ['2026-11-20T21:59:59Z', 'Europe/Kyiv', '2026-11-20'],
  ['2026-11-20T22:00:00Z', 'Europe/Kyiv', '2026-11-21'],
  ['2026-07-20T20:59:59Z', 'Europe/Kyiv', '2026-07-20'],
  ['2026-07-20T21:00:00Z', 'Europe/Kyiv', '2026-07-21'],
  ['2026-11-20T00:30:00Z', 'America/New_York', '2026-11-19'],
  ['2026-01-01T11:00:00Z', 'Pacific/Kiritimati', '2026-01-02'],
])('at %s it is in %s the %s', (instant, timezone, day) => {
  expect(dayAt(new Date(instant), timezone)).toBe(day);
});
