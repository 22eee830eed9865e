import fc from 'fast-check';

import type { Lane } from '#contracts';

import { backfillPlaces, LanePlaces, nextLane } from './lane-places.js';

it.each([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 3],
  [8, 6],
  [32, 24],
])('of %d places backfill may hold %d', (places, most) => {
  expect(backfillPlaces(places)).toBe(most);
});

describe('the next place', () => {
  const none = { live: 0, backfill: 0 };
  const both = { live: true, backfill: true };

  it('is the live lane’s where there are several places', () => {
    expect(nextLane({ places: 4, held: none, wanted: both, turn: 'backfill' })).toBe('live');
  });

  it('is the backfill lane’s within its share, however long the live lane wants nothing', () => {
    const wanted = { live: false, backfill: true };
    const held = (backfill: number) => ({ places: 4, held: { live: 0, backfill }, wanted, turn: 'live' }) as const;
    expect([0, 1, 2, 3].map((count) => nextLane(held(count)))).toEqual(['backfill', 'backfill', 'backfill', undefined]);
  });

  it('goes by turns where there is one', () => {
    expect(nextLane({ places: 1, held: none, wanted: both, turn: 'backfill' })).toBe('backfill');
    expect(nextLane({ places: 1, held: none, wanted: both, turn: 'live' })).toBe('live');
    expect(nextLane({ places: 1, held: none, wanted: { live: true, backfill: false }, turn: 'backfill' })).toBe('live');
  });
});

/** Work that ends when told to. */
function working(places: LanePlaces) {
  const begun: { lane: Lane; end: () => void }[] = [];
  const start = (lane: Lane) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    return places.holding(lane, () => {
      begun.push({ lane, end: resolve });
      return promise;
    });
  };
  return { begun, start };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('places', () => {
  it('leave a quarter free whatever backfill asks for, and are all given to the live lane', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 12 }), async (count) => {
        const { begun, start } = working(new LanePlaces(count));
        for (let asked = 0; asked < 20; asked += 1) void start('backfill');
        await settled();
        expect(begun).toHaveLength(backfillPlaces(count));
        for (let asked = 0; asked < 20; asked += 1) void start('live');
        await settled();
        expect(begun).toHaveLength(count);
      }),
    );
  });

  it('go to the live lane first', async () => {
    const { begun, start } = working(new LanePlaces(2));
    for (const lane of ['backfill', 'backfill', 'live', 'live'] as const) void start(lane);
    await settled();
    begun[0]!.end();
    await settled();
    expect(begun.map(({ lane }) => lane)).toEqual(['backfill', 'live', 'live']);
  });

  it('are taken in turns where there is one: all that live work waits for, then one of backfill', async () => {
    const { begun, start } = working(new LanePlaces(1));
    for (const lane of ['backfill', 'backfill', 'backfill', 'live', 'live'] as const) void start(lane);
    for (let turn = 0; turn < 6; turn += 1) {
      await settled();
      if (turn === 1) void start('live');
      begun[turn]!.end();
    }
    expect(begun.map(({ lane }) => lane)).toEqual(['backfill', 'live', 'live', 'backfill', 'live', 'backfill']);
  });

  it('are given back by work that fails', async () => {
    const places = new LanePlaces(1);
    await expect(places.holding('live', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(places.holding('backfill', () => Promise.resolve('done'))).resolves.toBe('done');
  });
});
