import { Tally } from './tally.js';

it('counts by stage and lane, and sums lanes up', () => {
  const tally = new Tally();
  tally.add({ stage: 'rows', lane: 'live' }, 'delivered');
  tally.add({ stage: 'rows', lane: 'backfill' }, 'delivered');
  tally.add({ stage: 'rows', lane: 'backfill' }, 'done');
  tally.add({ stage: 'commands', lane: null }, 'dead');
  expect(tally.read().rows).toEqual({ published: 0, delivered: 2, done: 1, retried: 0, parked: 0, dead: 0 });
  const told = tally.routes().filter(({ counts }) => counts.delivered + counts.dead > 0);
  expect(told.map(({ route, counts }) => [route.stage, route.lane, counts.delivered, counts.dead])).toEqual([
    ['commands', null, 0, 1],
    ['rows', 'live', 1, 0],
    ['rows', 'backfill', 1, 0],
  ]);
});

it('knows when a message was last done', () => {
  const tally = new Tally();
  const before = Date.now();
  tally.add({ stage: 'ends', lane: 'live' }, 'done');
  tally.add({ stage: 'ends', lane: 'backfill' }, 'parked');
  const [live, backfill] = tally.routes().filter(({ route }) => route.stage === 'ends');
  expect(live?.doneAtMs).toBeGreaterThanOrEqual(before);
  expect(backfill?.doneAtMs).toBeUndefined();
});
