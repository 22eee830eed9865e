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

/** Half of a run whose days are read from the newest, 16 side by side, a unit of work a second; and what is left. */
function halfOf(days: readonly number[]): { pace: Pace; rest: number } {
  const left = days.map((sessions) => sessions + 20);
  const half = sum(left) / 2;
  let [out, next, done]: [number[], number, number] = [[], 0, 0];
  while (half - done > 1e-6) {
    while (out.length < 16 && next < days.length) out.push(next++);
    const step = Math.min(...out.map((day) => left[day]!), (half - done) / out.length);
    for (const day of out) left[day]! -= step;
    done += step * out.length;
    out = out.filter((day) => left[day]! > 1e-6);
  }
  const closed = next - out.length;
  return {
    rest: half,
    pace: {
      open: days.length - closed,
      unlisted: days.length - next,
      unanswered: sum(out.map((day) => Math.max(0, left[day]! - 20))),
      nearest: days.slice(0, next).toReversed().slice(0, 180),
      closed,
      answered: Math.max(0, done - 20 * closed),
      seconds: half,
    },
  };
}

const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);

describe('at half-time', () => {
  const within = (days: readonly number[]) => {
    const { pace: half, rest } = halfOf(days);
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

  it.each([30, 60, 90, 365])('is so where %d days grew twentyfold, faster and faster', (count) => {
    within(Array.from({ length: count }, (_, index) => Math.round(1000 * Math.exp((-3 * index) / count))));
  });

  it.each([30, 90, 365])('is so where the older of %d days are the larger', (count) => {
    within(Array.from({ length: count }, (_, index) => 10 * index));
  });
});
