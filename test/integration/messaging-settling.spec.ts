import type { Message } from '#contracts';
import { MessagePublisher, RejectedError, TransientError, type Delivery } from '#messaging';
import { gzipSync, zstdCompressSync } from 'node:zlib';

import { until } from '../support/until.js';
import { attempt, bytes, numberOf, onEveryBackend, raw, rows, slice } from './messaging-suite.js';

import.meta.jest.setTimeout(60_000);

onEveryBackend('delivery and settling', ({ kind, run, pipeline }) => {
  it('hands over what was published, in both lanes, and says how it came', async () => {
    const seen: { body: Message<'raw'>; delivery: Delivery }[] = [];
    const { publisher, backend } = await pipeline((body, delivery) => seen.push({ body, delivery }));
    await publisher.publish('raw', 'live', raw(1));
    await publisher.publish('raw', 'backfill', raw(2, 'x'.repeat(200_000)));
    await until('both have come', () => seen.length === 2);
    const byLane = Object.fromEntries(seen.map(({ body, delivery }) => [delivery.lane, body]));
    expect(byLane).toEqual({ live: raw(1), backfill: raw(2, 'x'.repeat(200_000)) });
    expect(seen[0]?.delivery).toMatchObject({ stage: 'raw', attempt: 0 });
    await until('both are settled', () => backend.tally.read().raw.done === 2);
  });

  it('carries a message of ten megabytes', async () => {
    const lengths: number[] = [];
    const { publisher } = await pipeline((body) => lengths.push(JSON.stringify(body).length));
    await publisher.publish('raw', 'live', raw(1, 'x'.repeat(10_000_000)));
    await until('it has come', () => lengths.length === 1);
    expect(lengths[0]).toBeGreaterThan(10_000_000);
  });

  it('refuses to publish what no consumer would unpack', async () => {
    const { publisher } = await pipeline(() => undefined);
    await expect(publisher.publish('raw', 'live', raw(1, 'x'.repeat(17_000_000)))).rejects.toThrow(RejectedError);
  });

  it('refuses a lane where there is none, and none where there are two', async () => {
    const { publisher } = await pipeline(() => undefined);
    await expect(publisher.publish('raw', null, raw(1))).rejects.toThrow('two lanes');
    await expect(publisher.publish('commands', 'live', { type: 'sync' })).rejects.toThrow('no lanes');
  });

  it('retries what failed, dead-letters it in the end, and posts the slice as a problem', async () => {
    const attempts: number[] = [];
    const { publisher, problems } = await pipeline(
      (_body, delivery) => {
        attempts.push(delivery.attempt);
        throw new TransientError('the work failed', { cause: new Error('for a reason') });
      },
      { maxAttempts: 2 },
    );
    await publisher.publish('raw', 'live', raw(1));
    await until('the problem is posted', () => problems.length > 0);
    expect(attempts).toEqual([0, 1, 2]);
    const reason = 'the work failed: for a reason';
    expect(problems).toEqual([{ slice, attempt, stage: 'raw', reason }]);
    expect(await kind().deadLetters('raw', 'live')).toEqual([expect.objectContaining({ reason, attempt: 2 })]);
  });

  it('takes nothing while what it needs is away, uses up no attempt, and goes on by itself', async () => {
    const world = { there: false, probes: 0, tried: 0, done: new Set<number>() };
    const { publisher, transport, backend } = await pipeline(
      (body, delivery) => {
        world.tried += 1;
        expect(delivery.attempt).toBe(0);
        if (!world.there) throw new TransientError('refused', { outside: true, away: 'database' });
        world.done.add(numberOf(body));
      },
      { maxAttempts: 0, probePauses: { first: 50, most: 50 } },
    );
    const ask = async () => {
      world.probes += 1;
      if (!world.there) throw new Error('refused');
    };
    transport.watch({ database: { stages: ['raw'], ask } });
    for (let number = 1; number <= 40; number += 1) await publisher.publish('raw', 'live', raw(number));
    await until('it was probed', () => world.probes >= 20);
    expect(transport.awaited()).toMatchObject([{ what: 'database' }]);
    expect(world.tried).toBeLessThan(40);
    world.there = true;
    await until('all is done', () => world.done.size === 40);
    expect(backend.tally.read().raw).toMatchObject({ retried: 0, dead: 0 });
  });

  it('takes nothing whose results find no room, in that lane alone, and goes on once there is some', async () => {
    const taken = { live: 0, backfill: 0 };
    const transformer = await kind().openNarrow('transformer');
    const depth = transformer.depth.bind(transformer);
    let looks = 0;
    transformer.depth = () => {
      looks += 1;
      return depth();
    };
    const patient = new MessagePublisher(transformer, { patienceMs: 300 });
    const probePauses = { first: 20, most: 20 };
    const handle = async (body: Message<'raw'>, { lane }: Delivery) => {
      taken[lane ?? 'live'] += 1;
      await patient.publish('rows', lane, rows(body));
    };
    const { transport } = await run(transformer, { raw: handle }, { concurrency: { raw: 2 }, probePauses });
    const { publisher } = await run(await kind().openNarrow('extractor'), {});
    const numbers = Array.from({ length: 24 }, (_, index) => index);
    const published = Promise.all(numbers.map((number) => publisher.publish('raw', 'backfill', raw(number))));
    await until('it waits for room', () => transport.awaited().length > 0);
    expect(transport.awaited()).toMatchObject([
      {
        what: 'room in etl.rows.backfill.v1 for etl.raw.backfill.v1',
        reason: expect.stringContaining('rows.backfill.v1 is full'),
      },
    ]);
    await until('what was in hand is set aside', () =>
      transport.consumption().every(({ inHand, paused, route }) => inHand === 0 && paused === (route.lane !== 'live')),
    );
    const [before, seen] = [taken.backfill, looks];
    await publisher.publish('raw', 'live', raw(100));
    await until('the other lane has gone on', () => transformer.tally.read().raw.done > 0 && taken.live === 1);
    await until('it was looked for room many times more', () => looks > seen + 20);
    expect(taken.backfill).toBe(before);
    const loaded = new Set<number>();
    await run(await kind().openNarrow('loader'), { rows: (body) => loaded.add(numberOf(body)) });
    await until('all is loaded', () => loaded.size === numbers.length + 1);
    await published;
    expect(transformer.tally.read().raw).toMatchObject({ retried: 0, dead: 0 });
    await until('it waits for nothing', () => transport.awaited().length === 0);
  });

  it('keeps the class of an error that is neither of ours: bounded retries', async () => {
    let tries = 0;
    const { publisher, backend } = await pipeline(() => {
      tries += 1;
      if (tries === 1) throw new TypeError('unforeseen');
    });
    await publisher.publish('raw', 'live', raw(1));
    await until('it has succeeded', () => backend.tally.read().raw.done === 1);
    expect(backend.tally.read().raw).toMatchObject({ retried: 1, dead: 0 });
  });

  it('parks what is not the fault of the message, without using up attempts', async () => {
    const attempts: number[] = [];
    const { publisher, backend } = await pipeline(
      (_body, delivery) => {
        attempts.push(delivery.attempt);
        if (attempts.length < 4) throw new TransientError('the database is away', { outside: true });
      },
      { maxAttempts: 1 },
    );
    await publisher.publish('raw', 'live', raw(1));
    await until('it has succeeded', () => backend.tally.read().raw.done === 1);
    expect(attempts).toEqual([0, 0, 0, 0]);
    expect(await kind().deadLetters('raw', 'live')).toEqual([]);
  });

  it('dead-letters at once what is rejected', async () => {
    let tries = 0;
    const { publisher, problems } = await pipeline(() => {
      tries += 1;
      throw new RejectedError('against the contract');
    });
    await publisher.publish('raw', 'backfill', raw(1));
    await until('the problem is posted', () => problems.length > 0);
    expect(tries).toBe(1);
    expect(await kind().deadLetters('raw', 'backfill')).toEqual([
      expect.objectContaining({ reason: 'against the contract', attempt: 0 }),
    ]);
  });

  it.each([
    ['no JSON', { body: Buffer.from('{"slice":'), contentEncoding: undefined }, 'not JSON'],
    ['nothing at all', { body: Buffer.alloc(0) }, 'not JSON'],
    ['null', { body: bytes(null) }, 'not a message for the stage raw'],
    ['a number', { body: bytes(5) }, 'not a message for the stage raw'],
    ['a message of another stage', { body: bytes(slice) }, 'identity'],
    ['what is no gzip', { body: bytes(raw(1)), contentEncoding: 'gzip' }, 'not gzip'],
    ['what is no zstd', { body: bytes(raw(1)), contentEncoding: 'zstd' }, 'not zstd'],
    ['an unknown encoding', { body: bytes(raw(1)), contentEncoding: 'br' }, 'neither zstd, gzip nor identity'],
    ['a bomb', { body: zstdCompressSync(Buffer.alloc(17_000_000, 32)), contentEncoding: 'zstd' }, 'longer than'],
  ])('dead-letters %s with the reason, and goes on', async (_what, message, reason) => {
    const seen: number[] = [];
    const { publisher } = await pipeline((body) => seen.push(numberOf(body)));
    await kind().putRaw('raw', 'live', message);
    await publisher.publish('raw', 'live', raw(7));
    await until('the good one has come', () => seen.length === 1);
    await until('the bad one is dead', async () => (await kind().deadLetters('raw', 'live')).length === 1);
    expect((await kind().deadLetters('raw', 'live'))[0]?.reason).toContain(reason);
    expect(seen).toEqual([7]);
  });

  it('fails the slice that a broken message names', async () => {
    const { problems } = await pipeline(() => undefined);
    await kind().putRaw('raw', 'live', { body: bytes({ identity: { slice, attempt }, content: 'garbage' }) });
    await until('the problem is posted', () => problems.length > 0);
    expect(problems[0]).toMatchObject({ slice, attempt, stage: 'raw' });
  });

  it('sets aside what is newer than its reader by name, lets others have it, and goes on with the rest', async () => {
    const seen: number[] = [];
    const probePauses = { first: 50, most: 50 };
    const { publisher, transport, backend } = await pipeline((body) => seen.push(numberOf(body)), { probePauses });
    const headers = { 'x-contract-version': 99, 'x-attempt': 3 };
    await kind().putRaw('raw', 'live', { body: bytes({ of: 'another shape' }), messageId: 'later', headers });
    await until('it waits for a newer reader', () => transport.awaited().length > 0);
    expect(transport.awaited()).toMatchObject([
      {
        what: 'a newer reader of raw',
        reason: 'the message is of version 99 of the contracts, this transformer reads up to 1: upgrade it',
      },
    ]);
    await publisher.publish('raw', 'live', raw(7));
    await until('it was set aside time after time', () => backend.tally.read().raw.parked >= 4);
    await until('the other has come', () => seen.length === 1);
    expect(backend.tally.read().raw).toMatchObject({ retried: 0, dead: 0, done: 1 });
    expect(await kind().deadLetters('raw', 'live')).toEqual([]);
  });

  it.each([['two'], [0], [-1], [1.5], [1e300], [true]])('dead-letters a message of version %j', async (version) => {
    await pipeline(() => undefined);
    const headers = { 'x-contract-version': version };
    await kind().putRaw('raw', 'live', { body: bytes(raw(1)), headers });
    await until('it is dead', async () => (await kind().deadLetters('raw', 'live')).length === 1);
    const [letter] = await kind().deadLetters('raw', 'live');
    expect(letter?.reason).toBe('the header x-contract-version holds no version');
  });

  it('understands a command that a person published as plain JSON, and says why it does not', async () => {
    const seen: Message<'commands'>[] = [];
    await run(await kind().open('extractor'), { commands: (body) => seen.push(body) });
    await kind().putRaw('commands', null, {
      body: Buffer.from('{"type":"backfill","from":"2025-01-01","to":"2025-12-31"}'),
    });
    await kind().putRaw('commands', null, { body: Buffer.from('{"type":"launch"}'), messageId: 'other' });
    await until('the good one has come', () => seen.length === 1);
    expect(seen[0]).toEqual({ type: 'backfill', from: '2025-01-01', to: '2025-12-31', force: false });
    await until('the bad one is dead', async () => (await kind().deadLetters('commands', null)).length === 1);
  });

  it.each([
    ['plain', undefined, (body: Buffer) => body],
    ['identity', 'identity', (body: Buffer) => body],
    ['gzip', 'gzip', (body: Buffer) => gzipSync(body)],
    ['zstd', 'zstd', (body: Buffer) => zstdCompressSync(body)],
  ])('reads %s bodies', async (_what, contentEncoding, encode) => {
    const seen: Message<'raw'>[] = [];
    await pipeline((body) => seen.push(body));
    await kind().putRaw('raw', 'live', {
      body: encode(bytes(raw(3))),
      ...(contentEncoding ? { contentEncoding } : {}),
    });
    await until('it has come', () => seen.length === 1);
    expect(seen[0]).toEqual(raw(3));
  });
});
