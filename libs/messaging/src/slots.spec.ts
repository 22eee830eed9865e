import fc from 'fast-check';

import { Slots } from './slots.js';

const never = new AbortController().signal;

it('admits in turn, as slots become free', async () => {
  const slots = new Slots(2);
  const order: string[] = [];
  const first = await slots.acquire(1, never);
  const second = await slots.acquire(1, never);
  const third = slots.acquire(1, never).then(() => order.push('third'));
  const fourth = slots.acquire(1, never).then(() => order.push('fourth'));
  first();
  await third;
  expect(order).toEqual(['third']);
  second();
  await fourth;
  expect(order).toEqual(['third', 'fourth']);
});

it('lets one who wants more than there is have it all, alone', async () => {
  const slots = new Slots(3);
  const small = await slots.acquire(1, never);
  let alone = false;
  const big = slots.acquire(100, never).then((release) => {
    alone = true;
    return release;
  });
  const after = slots.acquire(1, never);
  await Promise.resolve();
  expect(alone).toBe(false);
  small();
  (await big)();
  expect(alone).toBe(true);
  (await after)();
});

it('lets go of who does not wait any longer, and of nobody else', async () => {
  const slots = new Slots(1);
  const release = await slots.acquire(1, never);
  const leaving = new AbortController();
  const left = slots.acquire(1, leaving.signal);
  const stays = slots.acquire(1, never);
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  await expect(slots.acquire(1, leaving.signal)).rejects.toThrow('gone');
  release();
  (await stays)();
});

it('never hands out more than there is, and serves everybody', async () => {
  const wishes = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), wishes, async (limit, weights) => {
      const slots = new Slots(limit);
      let used = 0;
      const served = weights.map(async (wanted) => {
        const release = await slots.acquire(wanted, never);
        const weight = Math.min(wanted, limit);
        used += weight;
        expect(used).toBeLessThanOrEqual(limit);
        await Promise.resolve();
        used -= weight;
        release();
      });
      await Promise.all(served);
    }),
  );
});
