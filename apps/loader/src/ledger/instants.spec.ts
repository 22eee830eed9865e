import fc from 'fast-check';

import { daysBefore, daysBetween, isoInstant, ledgerTime, secondsBefore } from './instants.js';

const moment = fc.date({ min: new Date('1990-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });

it('gives back the instant it was given, with however many digits a database returns it', () => {
  fc.assert(fc.property(moment, (date) => expect(isoInstant(ledgerTime(date))).toBe(date.toISOString())));
  expect(isoInstant('2026-11-22 20:38:00.5')).toBe('2026-11-22T20:38:00.500Z');
  expect(isoInstant('2026-11-22 20:38:00')).toBe('2026-11-22T20:38:00.000Z');
});

it('orders texts as moments', () => {
  fc.assert(
    fc.property(moment, moment, (a, b) =>
      expect(Math.sign(a.getTime() - b.getTime())).toBe(
        ledgerTime(a) < ledgerTime(b) ? -1 : ledgerTime(a) > ledgerTime(b) ? 1 : 0,
      ),
    ),
  );
});

it('counts days and seconds back', () => {
  const now = new Date('2026-03-01T00:30:00Z');
  expect(daysBefore(now, 1)).toBe('2026-02-28');
  expect(secondsBefore(now, 3600)).toBe('2026-02-28 23:30:00.000000');
});

it('counts days of a range with both ends, and none backwards', () => {
  expect(daysBetween('2026-02-27', '2026-03-01')).toBe(3);
  expect(daysBetween('2026-03-01', '2026-03-01')).toBe(1);
  expect(daysBetween('2026-03-02', '2026-03-01')).toBe(0);
});
