import fc from 'fast-check';

import { tenantOptions } from '../options.js';
import { Calendar, share } from './calendar.js';
import { DAY_MICROS, dayNumber, dayText, momentText } from './moments.js';

const HOUR = 3_600_000_000;
const minutes = (micros: number): number => Math.floor(micros / 60_000_000);

it('shares out exactly what there is', () => {
  const weights = fc.array(fc.double({ min: 0.01, max: 10, noNaN: true }), { minLength: 1 });
  fc.assert(
    fc.property(fc.nat(1_000_000), weights, (total, parts) => {
      const shares = share(total, parts);
      expect(shares.reduce((sum, part) => sum + part, 0)).toBe(total);
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0);
    }),
  );
});

it('numbers every session of every day in order of time, from midnight to the last microsecond', () => {
  const calendar = new Calendar(tenantOptions({ seed: 3, sessions: 20_000, days: 7 }));
  const sizes = new Set<number>();
  let expected = 0;
  for (let day = calendar.firstDay; day < calendar.firstDay + 7; day += 1) {
    const [from, to] = calendar.range(day);
    expect(from).toBe(expected);
    expected = to;
    sizes.add(to - from);
    let before = -1;
    for (let index = from; index < to; index += 1) {
      const place = calendar.placeOf(index);
      if (place.day !== day || place.micros < before) throw new Error(`${index} is out of place`);
      before = place.micros;
    }
    expect(calendar.placeOf(from).micros).toBe(0);
    expect(before).toBe(DAY_MICROS - 1);
  }
  expect(expected).toBe(20_000);
  expect(sizes.size).toBe(7);
});

it('puts a crowd into its hour, or its minute, and nowhere else', () => {
  const calendar = new Calendar(
    tenantOptions({
      sessions: 5000,
      days: 3,
      lastDay: '2026-03-03',
      crowds: [
        { day: '2026-03-02', hour: 12, minute: 0, sessions: 1500 },
        { day: '2026-03-02', hour: 12, sessions: 500 },
        { day: '2026-03-03', hour: 23, minute: 59, sessions: 1000 },
      ],
    }),
  );
  const [from, to] = calendar.range(dayNumber('2026-03-02') ?? 0);
  const places = Array.from({ length: to - from }, (_, offset) => calendar.placeOf(from + offset).micros);
  expect(places.filter((micros) => minutes(micros) === 720)).toHaveLength(1500);
  expect(places.filter((micros) => Math.floor(micros / HOUR) === 12).length).toBeGreaterThanOrEqual(2000);
  const [first, last] = calendar.range(dayNumber('2026-03-03') ?? 0);
  const night = Array.from({ length: last - first }, (_, offset) => calendar.placeOf(first + offset).micros);
  expect(night.filter((micros) => minutes(micros) === 1439)).toHaveLength(1000);
  expect(calendar.sessions).toBe(5000);
});

it('refuses crowds that cannot be', () => {
  const crowd = { day: '2026-11-20', hour: 1, sessions: 10 };
  expect(() => new Calendar(tenantOptions({ sessions: 5, crowds: [crowd] }))).toThrow(/more sessions/);
  expect(() => new Calendar(tenantOptions({ crowds: [{ ...crowd, day: '2020-01-01' }] }))).toThrow(/no day/);
});

it('writes moments in every form of ET, across days', () => {
  const day = dayNumber('2024-03-01') ?? 0;
  expect(dayText(day - 1)).toBe('2024-02-29');
  expect(momentText(day, 61_000_042, 'micros')).toBe('2024-03-01T00:01:01.000042');
  expect(momentText(day, -1, 'zulu')).toBe('2024-02-29T23:59:59Z');
  expect(momentText(day, DAY_MICROS + HOUR, 'plain')).toBe('2024-03-02T01:00:00');
  expect(momentText(day, 5, 'zeroMicros')).toBe('2024-03-01T00:00:00.000000');
  expect(dayNumber('2026-02-31')).toBeUndefined();
  expect(dayNumber('2026-2-3')).toBeUndefined();
});
