import fc from 'fast-check';

import { isDue, latestTick } from './ticks.js';

const kyiv = (expression: string, now: string) => latestTick(expression, 'Europe/Kyiv', new Date(now))?.toISOString();

describe('the latest tick', () => {
  test.each([
    ['5 0 * * *', '2026-11-22T22:04:59.999Z', '2026-11-21T22:05:00.000Z'],
    ['5 0 * * *', '2026-11-22T22:05:00.000Z', '2026-11-22T22:05:00.000Z'],
    ['5 0 * * *', '2026-07-01T21:05:00.000Z', '2026-07-01T21:05:00.000Z'],
  ])('of %s at %s is %s', (expression, now, tick) => {
    expect(kyiv(expression, now)).toBe(tick);
  });

  test('of a local time that is skipped comes at the end of the gap', () => {
    expect(kyiv('30 3 * * *', '2026-03-29T00:59:59Z')).toBe('2026-03-28T01:30:00.000Z');
    expect(kyiv('30 3 * * *', '2026-03-29T01:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    expect(kyiv('30 3 * * *', '2026-03-29T12:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  test('of a local time that comes twice comes once, the first time', () => {
    expect(kyiv('30 3 * * *', '2026-10-25T00:29:59Z')).toBe('2026-10-24T00:30:00.000Z');
    expect(kyiv('30 3 * * *', '2026-10-25T00:31:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(kyiv('30 3 * * *', '2026-10-25T01:31:00Z')).toBe('2026-10-25T00:30:00.000Z');
    expect(kyiv('30 3 * * *', '2026-10-25T22:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });

  test('never lies in the future, never goes back, and there is one for every day', () => {
    const zone = fc.constantFrom('Europe/Kyiv', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const time = fc.record({ hour: fc.nat(23), minute: fc.nat(59) });
    fc.assert(
      fc.property(zone, time, fc.integer({ min: 0, max: 365 }), (timezone, { hour, minute }, day) => {
        const expression = `${minute} ${hour} * * *`;
        const ticks = Array.from({ length: 48 }, (_, half) => {
          const now = new Date(Date.UTC(2026, 0, 1 + day, 0, half * 90));
          const tick = latestTick(expression, timezone, now);
          expect(tick!.getTime()).toBeLessThanOrEqual(now.getTime());
          expect(now.getTime() - tick!.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
          return tick!.getTime();
        });
        expect([...ticks].sort((a, b) => a - b)).toEqual(ticks);
        expect(new Set(ticks).size).toBeLessThanOrEqual(5);
      }),
      { numRuns: 60 },
    );
  });
});

test('a tick is due when it is later than the last, on an empty ledger when it is younger than a day', () => {
  const tick = new Date('2026-11-22T22:05:00.000Z');
  expect(isDue(tick, '2026-11-21T22:05:00.000Z', tick)).toBe(true);
  expect(isDue(tick, '2026-11-22T22:05:00.000Z', new Date('2026-11-23T10:00:00Z'))).toBe(false);
  expect(isDue(tick, null, new Date('2026-11-23T22:04:59Z'))).toBe(true);
  expect(isDue(tick, null, new Date('2026-11-23T22:05:00Z'))).toBe(false);
});
