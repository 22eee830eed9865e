import fc from 'fast-check';

import type { Lane } from '#contracts';

import { Permits, type Permit } from './permits.js';

/** Lets everything that can be granted be granted. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function asking(permits: Permits) {
  const held: { lane: Lane; permit: Permit }[] = [];
  const ask = (lane: Lane, times: number) => {
    for (let index = 0; index < times; index++) {
      void permits.acquire(lane).then((permit) => held.push({ lane, permit }));
    }
    return settle();
  };
  const holds = (lane: Lane) => held.filter((one) => one.lane === lane).length;
  return { held, ask, holds };
}

describe('how many at once', () => {
  test('starts at eight and grows to the most while ET answers well', async () => {
    const permits = new Permits(32);
    const { held, ask } = asking(permits);
    await ask('live', 500);
    expect(held).toHaveLength(8);
    for (let round = 0; round < 60; round++) {
      const { permit } = held.shift()!;
      permit.succeeded();
      permit.release();
      await settle();
    }
    expect(permits.figures()).toMatchObject({ inFlight: 32, limit: 32 });
  });

  test('never more than the setting, even if that is one', async () => {
    const permits = new Permits(1);
    const { held, ask } = asking(permits);
    await ask('live', 3);
    expect(held).toHaveLength(1);
  });

  test('is halved once a round, however many complain, and then grows by one a round', async () => {
    const permits = new Permits(8);
    const { held, ask } = asking(permits);
    await ask('live', 20);
    for (const { permit } of held) permit.throttled();
    expect(permits.figures().limit).toBe(4);
    const round = held.splice(0);
    for (const { permit } of round) permit.release();
    await settle();
    expect(held).toHaveLength(4);
    for (const { permit } of held) permit.succeeded();
    expect(permits.figures().limit).toBe(4);
    for (const { permit } of held) permit.succeeded();
    expect(permits.figures().limit).toBe(5);
    held[0]!.permit.throttled();
    expect(permits.figures().limit).toBe(2);
  });

  test('never falls below one', async () => {
    const permits = new Permits(8);
    for (let round = 0; round < 10; round++) {
      const permit = await permits.acquire('live');
      permit.throttled();
      permit.release();
    }
    expect(permits.figures()).toMatchObject({ inFlight: 0, limit: 1 });
  });

  test('an idle client does not grow', async () => {
    const permits = new Permits(32);
    for (let round = 0; round < 100; round++) {
      const permit = await permits.acquire('live');
      permit.succeeded();
      permit.release();
    }
    expect(permits.figures().limit).toBe(8);
  });

  test('after a pause nothing starts before it is over', async () => {
    const permits = new Permits(8);
    permits.pause(50);
    const begun = performance.now();
    await permits.acquire('live');
    expect(performance.now() - begun).toBeGreaterThan(45);
    expect(permits.figures().waitedMs.live).toBeGreaterThan(45);
    expect(permits.figures().waitedMs.backfill).toBe(0);
  });

  test('whoever stops waiting takes no permit', async () => {
    const permits = new Permits(1);
    const first = await permits.acquire('live');
    const stop = new AbortController();
    const second = permits.acquire('live', stop.signal);
    const third = permits.acquire('live');
    stop.abort(new Error('stopping'));
    await expect(second).rejects.toThrow('stopping');
    first.release();
    first.release();
    (await third).release();
    expect(permits.figures().inFlight).toBe(0);
  });
});

describe('lanes', () => {
  test('backfill leaves a quarter, at least one, to the live lane', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 8 }), async (most) => {
        const { ask, holds } = asking(new Permits(most));
        await ask('backfill', 50);
        const free = most - holds('backfill');
        expect(free).toBe(Math.max(1, Math.ceil(most / 4)));
        await ask('live', 50);
        expect(holds('live')).toBe(free);
      }),
    );
  });

  test('live goes first', async () => {
    const permits = new Permits(4);
    const { held, ask, holds } = asking(permits);
    await ask('live', 4);
    await ask('backfill', 4);
    await ask('live', 2);
    held[0]!.permit.release();
    await settle();
    expect([holds('live'), holds('backfill')]).toEqual([5, 0]);
  });

  test('with one permit the lanes take turns, live first', async () => {
    const { held, ask } = asking(new Permits(1));
    await Promise.all([ask('live', 3), ask('backfill', 3)]);
    for (let turn = 0; turn < 6; turn++) {
      held[turn]!.permit.release();
      await settle();
    }
    expect(held.map(({ lane }) => lane)).toEqual(['live', 'backfill', 'live', 'backfill', 'live', 'backfill']);
  });
});
