import type { Depth } from '#messaging';

import { busyLanes } from './lane-rest.js';

const empty: Depth = {
  stage: 'pages',
  lane: 'live',
  queue: 'q',
  work: 0,
  inHand: null,
  wait: 0,
  again: 0,
  dead: 0,
  consumers: 1,
};
const commands: Depth = { ...empty, stage: 'commands', lane: null, work: 3 };

it.each([
  ['nothing lies anywhere', [], []],
  ['messages wait', [{ work: 1 }], ['live']],
  ['messages are set aside', [{ wait: 1 }], ['live']],
  ['messages have come back', [{ again: 2 }], ['live']],
  ['messages are in hand', [{ inHand: 1 }], ['live']],
  ['dead letters wait for a person', [{ dead: 7 }], []],
  ['each lane has some', [{ work: 1 }, { lane: 'backfill', wait: 1 }], ['live', 'backfill']],
] as const)('where %s, at work is: %j', (_what, changes, busy) => {
  expect(busyLanes([commands, empty, ...changes.map((change) => ({ ...empty, ...change }))])).toEqual(busy);
});
