import { runPlan, type Detail, type Gaps } from '#contracts';

import { alone, days, facts } from '../../spec/plan-facts.js';
import { planHeal } from './heal.js';

type Gap = Gaps['days'][number];

const [one, two] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'] as const;
const gap = (day: string, state: Gap['state'], onlyDetails = false): Gap => {
  return { day, state, reason: 'why', readAt: null, onlyDetails };
};
const missing = (id: string, day: string, document: Detail): Gaps['unknown'][number] => {
  return { id, day, document, reason: 'why', tries: 0, nextAt: '2026-11-30T00:00:00.000Z' };
};
const held = { day: '2026-11-05', candidates: 99, sessions: 100, heldAt: '2026-11-06T00:00:00.000Z' };

function heal(gaps: Partial<Gaps>, allowDeletes = false) {
  const all = { days: [], unknown: [], unknownTotal: 0, heldDeletes: [], ...gaps };
  return runPlan.parse(planHeal({ kind: 'heal', allowDeletes }, facts(), all));
}

test('days that are missing, unverified or failed are read whole, old ones as backfill', () => {
  const plan = heal({
    days: [gap('2026-01-05', 'missing'), gap('2026-11-20', 'unverified'), gap('2026-11-21', 'failed')],
  });
  expect(plan).toMatchObject({
    kind: 'heal',
    slices: [
      { sliceId: 'r:2026-01-05', lane: 'backfill', subject: { kind: 'day', day: '2026-01-05' } },
      { sliceId: 'r:2026-11-20', lane: 'live' },
      { sliceId: 'r:2026-11-21', lane: 'live' },
    ],
  });
});

test('of a day that only lacks details these alone are asked for, due or not', () => {
  const plan = heal({
    days: [gap('2026-11-10', 'unverified', true)],
    unknown: [
      missing(one, '2026-11-10', 'scores'),
      missing(one, '2026-11-10', 'summary'),
      missing(two, '2026-11-10', 'comments'),
      missing(two, '2026-01-10', 'detail'),
    ],
  });
  expect(days(plan)).toEqual([]);
  expect(alone(plan)).toEqual([
    ['r:2026-11-10:u0', 'live', [`${one} scores,summary`, `${two} comments`]],
    ['r:2026-01-10:u0', 'backfill', [`${two} detail`]],
  ]);
});

test('days that are being read, or will be, have their details left to that', () => {
  const plan = heal({
    days: [gap('2026-11-10', 'open'), gap('2026-11-11', 'unverified')],
    unknown: [missing(one, '2026-11-10', 'scores'), missing(two, '2026-11-11', 'scores')],
  });
  expect([days(plan), alone(plan)]).toEqual([['2026-11-11'], []]);
});

test('days that wait for deletions to be allowed are read where they are', () => {
  expect(heal({ heldDeletes: [held] }).slices).toEqual([]);
  const gaps = { days: [gap('2026-11-05', 'unverified'), gap('2026-11-06', 'unverified')], heldDeletes: [held] };
  expect(heal(gaps, true).slices.map(({ subject }) => subject)).toEqual([
    { kind: 'day', day: '2026-11-05', allowDeletes: true },
    { kind: 'day', day: '2026-11-06' },
  ]);
});

test('without a gap there is nothing to do', () => {
  expect(heal({}).slices).toEqual([]);
});

test('two equal heals are one request, a bolder one is another', () => {
  expect(heal({}).request).toBe(heal({ heldDeletes: [held] }).request);
  expect(heal({}).request).not.toBe(heal({}, true).request);
});
