import { EventEmitter, on } from 'node:events';

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

type Group = { readonly ids: string[]; readonly done: () => void };

/** Groups as they begin to be merged; each is held until it is done. */
function merging() {
  const begun = new EventEmitter<{ group: [Group] }>();
  const groups = on(begun, 'group') as AsyncIterableIterator<[Group]>;
  const merge = (_lane: Lane, batches: readonly RowBatch[]) =>
    new Promise<void>((done) => {
      begun.emit('group', { ids: batches.map(({ identity }) => identity.slice.sliceId), done });
    });
  const next = async (): Promise<Group> => ((await groups.next()) as IteratorYieldResult<[Group]>).value[0];
  return { next, merge };
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
    const { next, merge } = merging();
    const queue = new MergeQueue(merge);
    const added = ['a', 'b', 'c'].map((id) => queue.add(batch(id)));
    const first = await next();
    first.done();
    const second = await next();
    second.done();
    await Promise.all(added);
    expect([first.ids, second.ids]).toEqual([['a'], ['b', 'c']]);
  });

  it('never lets the backfill hold up the live lane', async () => {
    const { next, merge } = merging();
    const queue = new MergeQueue(merge);
    const slow = queue.add(batch('b1', 'backfill'));
    const held = await next();
    const live = queue.add(batch('l1'));
    (await next()).done();
    await live;
    held.done();
    await slow;
  });

  it('tells a fault to the one batch that has it', async () => {
    const queue = new MergeQueue((_lane, batches) => {
      const bad = batches.some(({ identity }) => identity.slice.sliceId === 'bad');
      return bad ? Promise.reject(new Error('no')) : Promise.resolve();
    });
    const added = await Promise.allSettled(['first', 'good', 'bad', 'fine'].map((id) => queue.add(batch(id))));
    expect(added.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  });

  it('tells all of a group that the database is away, and goes on with the next', async () => {
    let away = true;
    const asked: number[] = [];
    const queue = new MergeQueue((_lane, batches) => {
      asked.push(batches.length);
      return away ? Promise.reject(new TransientError('away', { outside: true })) : Promise.resolve();
    });
    const added = await Promise.allSettled(['a', 'b', 'c'].map((id) => queue.add(batch(id))));
    expect(added.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked).toEqual([1, 2]);
    away = false;
    await expect(queue.add(batch('d'))).resolves.toBeUndefined();
  });
});
