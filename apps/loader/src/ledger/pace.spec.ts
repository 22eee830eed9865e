import fc from 'fast-check';

import { etaOf, rateOf, type Pace } from './pace.js';

const pace = (own: Partial<Pace>): Pace => ({
  open: 10,
  unlisted: 10,
  unanswered: 0,
  nearest: [100],
  closed: 5,
  answered: 500,
  seconds: 300,
  ...own,
});

it.each<[string, Partial<Pace>, number | null]>([
  ['days like those before', {}, 600],
  ['larger days than before', { nearest: [220] }, 1200],
  ['days that are half answered for', { unlisted: 0, unanswered: 400 }, 300],
  ['empty days, which take some time as well', { nearest: [0], answered: 0 }, 600],
  ['nothing left', { open: 0, unlisted: 0 }, null],
  ['nothing done yet', { closed: 0, answered: 0 }, null],
  ['nothing listed yet', { nearest: [] }, null],
  ['no time passed yet', { seconds: 0 }, null],
])('of %s', (_what, own, expected) => {
  expect(etaOf(pace(own))).toBe(expected);
});

it('the rate is of sessions, not of days', () => {
  expect(rateOf(pace({ answered: 600 }))).toBe(2);
  expect(rateOf(pace({ seconds: 0 }))).toBeNull();
});

/** Days from the newest, read one after the other but 16 listed ahead; how it stands once so much of it is done. */
function standing(days: readonly number[], share: number): { pace: Pace; rest: number } {
  const costs = days.map((sessions) => sessions + 20);
  const total = costs.reduce((sum, cost) => sum + cost, 0);
  let at = share * total;
  let closed = 0;
  for (; closed < days.length && at >= costs[closed]!; closed += 1) at -= costs[closed]!;
  const listed = Math.min(days.length, closed + 16);
  const begun = Math.min(at, days[closed] ?? 0);
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);
  return {
    rest: (1 - share) * total,
    pace: {
      open: days.length - closed,
      unlisted: days.length - listed,
      unanswered: sum(days.slice(closed, listed)) - begun,
      nearest: days.slice(0, listed).toReversed().slice(0, 28),
      closed,
      answered: sum(days.slice(0, closed)) + begun,
      // One unit of work a second.
      seconds: share * total,
    },
  };
}

describe('at half-time', () => {
  const within = (days: readonly number[]) => {
    const { pace: half, rest } = standing(days, 0.5);
    const eta = etaOf(half) ?? Number.NaN;
    expect(eta).toBeGreaterThan(rest / 2);
    expect(eta).toBeLessThan(rest * 2);
  };

  it('is off by less than a factor of two where days differ tenfold and weekends are empty', () => {
    const sizes = fc.array(fc.integer({ min: 100, max: 1000 }), { minLength: 30, maxLength: 400 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 6 }), (days, first) =>
        within(days.map((sessions, index) => ((index + first) % 7 < 2 ? 0 : sessions))),
      ),
    );
  });

  it.each([30, 90, 365, 1000])('is so where %d days grew steadily from nothing', (count) => {
    within(Array.from({ length: count }, (_, index) => 10 * (count - index)));
  });

  it.each([30, 90, 365])('is so where the older of %d days are the larger', (count) => {
    within(Array.from({ length: count }, (_, index) => 10 * index));
  });
});
