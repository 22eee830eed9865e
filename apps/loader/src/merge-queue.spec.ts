import type { Lane, RowBatch } from '#contracts';
import { TransientError } from '#messaging';

import { takeGroup } from './merge-group.js';
import { MergeQueue } from './merge-queue.js';

function batch(sliceId: string, lane: Lane = 'live', answered = 1): RowBatch {
  const slice = { runId: 'r', sliceId, lane, subject: { kind: 'day', day: '2026-11-01' } } as const;
  const identity = { slice, attempt: crypto.randomUUID(), page: 0, number: 0, sha: 'a'.repeat(64) };
  const keys = Array.from({ length: answered }, (_, key) => ({ key: String(key), outcome: 'loaded' as const }));
  return {
    identity,
    entity: 'session',
    answered: keys.map((one) => ({ ...one, documents: [], unknown: [] })),
    rejects: [],
    unknownFields: {},
    cleaned: { nul: 0, surrogates: 0 },
  };
}

/** Groups as they were merged, each held until it is let go. */
function merging() {
  const groups: { ids: string[]; done: (error?: unknown) => void }[] = [];
  const merge = (batches: readonly RowBatch[]) =>
    new Promise<void>((resolve, reject) => {
      const done = (error?: unknown) => (error === undefined ? resolve() : reject(error as Error));
      groups.push({ ids: batches.map(({ identity }) => identity.slice.sliceId), done });
    });
  return { groups, merge };
}

describe('a group', () => {
  it.each([
    ['nothing where nothing waits', [], 0],
    ['all that waits', [1, 1, 1], 3],
    ['ten batches at most', Array<number>(12).fill(1), 10],
    ['five hundred answers at most', [200, 200, 100, 1], 3],
    ['one batch however large', [900, 1], 1],
  ])('takes %s', (_what, sizes, taken) => {
    expect(takeGroup(sizes.map((size) => batch('s', 'live', size)))).toBe(taken);
  });
});

describe('the merge queue', () => {
  it('merges together what came while it was at work', async () => {
    const { groups, merge } = merging();
    const queue = new MergeQueue(merge, 'one');
    const added = ['a', 'b', 'c'].map((id) => queue.add(batch(id)));
    expect(groups.map(({ ids }) => ids)).toEqual([['a']]);
    groups[0]?.done();
    await added[0];
    expect(groups.map(({ ids }) => ids)).toEqual([['a'], ['b', 'c']]);
    groups[1]?.done();
    await Promise.all(added);
  });

  it('lets lanes take turns where there is one worker', async () => {
    const { groups, merge } = merging();
    const queue = new MergeQueue(merge, 'one');
    const first = queue.add(batch('b1', 'backfill'));
    const rest = [queue.add(batch('b2', 'backfill')), queue.add(batch('l1', 'live'))];
    groups[0]?.done();
    await first;
    expect(groups.at(-1)?.ids).toEqual(['l1']);
    groups[1]?.done();
    await rest[1];
    expect(groups.at(-1)?.ids).toEqual(['b2']);
    groups[2]?.done();
    await Promise.all(rest);
  });

  it('never lets the backfill hold up the live lane where each has a worker', () => {
    const { groups, merge } = merging();
    const queue = new MergeQueue(merge, 'one a lane');
    void queue.add(batch('b1', 'backfill'));
    void queue.add(batch('l1', 'live'));
    expect(groups.map(({ ids }) => ids)).toEqual([['b1'], ['l1']]);
  });

  it('tells a fault to the one batch that has it', async () => {
    const queue = new MergeQueue((batches) => {
      const bad = batches.some(({ identity }) => identity.slice.sliceId === 'bad');
      return bad ? Promise.reject(new Error('no')) : Promise.resolve();
    }, 'one');
    const added = await Promise.allSettled(['first', 'good', 'bad', 'fine'].map((id) => queue.add(batch(id))));
    expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('tells all of a group that the database is away, and goes on with the next', async () => {
    let away = true;
    const asked: number[] = [];
    const queue = new MergeQueue((batches) => {
      asked.push(batches.length);
      return away ? Promise.reject(new TransientError('away', { outside: true })) : Promise.resolve();
    }, 'one');
    const added = await Promise.allSettled(['a', 'b', 'c'].map((id) => queue.add(batch(id))));
    expect(added.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toEqual([1, 2]);
    away = false;
    await expect(queue.add(batch('d'))).resolves.toBeUndefined();
  });
});
