import type { Depth } from './backend.js';
import { roomProbe } from './breakers.js';

const queue = { stage: 'rows', lane: 'backfill' } as const;

function depthOf(work: number, inHand: number | null): Depth {
  return { ...queue, queue: 'etl.rows.backfill.v1', work, inHand, wait: 9, again: 9, dead: 9, consumers: 1 };
}

/** What the probe says each time, of as many messages as the queue then holds. */
async function answers(depths: readonly (Depth | undefined)[]): Promise<boolean[]> {
  const seen = [...depths];
  const probe = roomProbe({ depth: async () => [seen.shift() ?? []].flat() }, queue);
  const said: boolean[] = [];
  while (said.length < depths.length) {
    said.push(
      await probe().then(
        () => true,
        () => false,
      ),
    );
  }
  return said;
}

const held = (...messages: number[]) => messages.map((count) => depthOf(count, null));

it.each<[string, (Depth | undefined)[], boolean[]]>([
  ['an empty queue has room', held(0), [true]],
  ['a queue that is not there has room for what makes it', [undefined], [true]],
  ['a queue of which nothing is taken has none', held(5, 5, 7, 7), [false, false, false, false]],
  ['one that has lost a message has', held(5, 7, 6), [false, false, true]],
  ['each time it is full it is looked at anew', held(5, 4, 3, 3, 2), [false, true, false, false, true]],
  ['what a consumer has in hand takes room as well', [depthOf(0, 2), depthOf(0, 1)], [false, true]],
])('%s', async (_title, depths, said) => {
  expect(await answers(depths)).toEqual(said);
});

it('says how many lie there', async () => {
  const probe = roomProbe({ depth: async () => held(5) }, queue);
  await expect(probe()).rejects.toThrow('5 messages lie in it, and none is taken');
});
