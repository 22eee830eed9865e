import type { Message } from '#contracts';
import type { Delivery } from '#messaging';

import { Disorder } from '../support/disorder.js';
import { until } from '../support/until.js';
import { gate } from './messaging-harness.js';
import { bytes, numberOf, onEveryBackend, raw, rows } from './messaging-suite.js';

import.meta.jest.setTimeout(60_000);

onEveryBackend('flow control and stopping', ({ kind, run, pipeline }) => {
  it('does not handle a copy of what it has in hand', async () => {
    let tries = 0;
    const { opened, open } = gate();
    const { publisher, stop, backend } = await pipeline(async () => {
      tries += 1;
      await opened;
    });
    await publisher.publish('raw', 'live', raw(1));
    await publisher.publish('raw', 'live', raw(1));
    await until('both have arrived', () => backend.tally.read().raw.delivered === 2);
    open();
    await stop();
    expect(tries).toBe(1);
    expect(backend.tally.read().raw).toMatchObject({ delivered: 2, done: 1, parked: 0 });
    expect((await backend.depth()).filter(({ work, wait, again }) => work + wait + again > 0)).toEqual([]);
  });

  it('lets the live lane flow while the backfill lane is stuck', async () => {
    const { opened, open } = gate();
    const live: number[] = [];
    const { publisher } = await pipeline(
      async (body, { lane }) => (lane === 'live' ? live.push(numberOf(body)) : opened),
      { concurrency: { raw: 2 } },
    );
    for (let number = 0; number < 5; number += 1) await publisher.publish('raw', 'backfill', raw(number));
    for (let number = 5; number < 10; number += 1) await publisher.publish('raw', 'live', raw(number));
    await until('the live ones are through', () => live.length === 5);
    open();
  });

  it('runs no more handlers at a time than it was told', async () => {
    let now = 0;
    let most = 0;
    let done = 0;
    const { publisher } = await pipeline(
      async () => {
        most = Math.max(most, (now += 1));
        await new Promise(setImmediate);
        now -= 1;
        done += 1;
      },
      { concurrency: { raw: 3 } },
    );
    await Promise.all(Array.from({ length: 40 }, (_, number) => publisher.publish('raw', 'live', raw(number))));
    await until('all are through', () => done === 40);
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(3);
  });

  it('makes publishers wait at a full queue, and everything arrives in the end', async () => {
    const { opened, open } = gate();
    const loaded = new Set<number>();
    const oneSlot = { concurrency: { raw: 1, rows: 1 } };
    const { publisher } = await run(await kind().openNarrow('extractor'), {});
    const transformer = await kind().openNarrow('transformer');
    const { publisher: onward } = await run(transformer, {});
    await run(transformer, { raw: (body) => onward.publish('rows', 'live', rows(body)) }, oneSlot);
    const loader = await kind().openNarrow('loader');
    await run(loader, { rows: (body) => opened.then(() => loaded.add(numberOf(body))) }, oneSlot);

    let published = 0;
    const numbers = Array.from({ length: 60 }, (_, number) => number);
    const all = Promise.all(
      numbers.map(async (number) => {
        await publisher.publish('raw', 'live', raw(number));
        published += 1;
      }),
    );
    const full = (stage: string) => async () =>
      (await loader.depth()).some((queue) => queue.stage === stage && queue.lane === 'live' && queue.work >= 1);
    await until('rows pile up before the loader', full('rows'));
    await until('raw batches pile up before the transformer', full('raw'));
    expect(published).toBeLessThan(40);
    open();
    await all;
    await until('all have arrived', () => loaded.size === 60);
  });

  it('finishes what is in hand before it stops', async () => {
    const { opened, open } = gate();
    let begun = false;
    const { publisher, stop, backend } = await pipeline(async () => {
      begun = true;
      await opened;
    });
    await publisher.publish('raw', 'live', raw(1));
    await until('it has begun', () => begun);
    const stopped = stop();
    open();
    await stopped;
    expect(backend.tally.read().raw).toMatchObject({ done: 1, parked: 0 });
  });

  it('gives back what cannot be finished, and takes nothing more', async () => {
    const signals: AbortSignal[] = [];
    const stuck = async (_body: Message<'raw'>, { signal }: Delivery) => {
      signals.push(signal);
      await new Promise(() => undefined);
    };
    const { publisher, stop, backend } = await pipeline(stuck, { graceMs: 3_000, concurrency: { raw: 1 } });
    for (let number = 0; number < 4; number += 1) await publisher.publish('raw', 'live', raw(number));
    await until('one has begun', () => signals.length === 1);
    await stop();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(backend.tally.read().raw.parked).toBeGreaterThanOrEqual(1);
    const seen = new Map<number, number>();
    await run(await kind().open('transformer'), {
      raw: (body, delivery) => seen.set(numberOf(body), delivery.attempt),
    });
    await until('another service has them all', () => seen.size === 4);
    expect([...seen.values()]).toEqual([0, 0, 0, 0]);
  });

  it('parks what is held too long, unless it gets on', async () => {
    const done: number[] = [];
    let stuck = 0;
    const backend = await kind().open('transformer');
    const { publisher: onward } = await run(backend, {});
    const takeRaw = async (body: Message<'raw'>) => {
      if (numberOf(body) === 0 && (stuck += 1) === 1) await new Promise(() => undefined);
      for (let part = 0; numberOf(body) === 1 && part < 8; part += 1) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        await onward.publish('rows', 'live', rows(body));
      }
      done.push(numberOf(body));
    };
    await run(backend, { raw: takeRaw }, { holdMs: 400 });
    const { publisher } = await run(await kind().open('extractor'), {});
    await publisher.publish('raw', 'live', raw(0));
    await publisher.publish('raw', 'live', raw(1));
    await until('both are through', () => done.length === 2);
    expect(backend.tally.read().raw).toMatchObject({ parked: 1, done: 2 });
  });

  it('pauses and resumes', async () => {
    const seen: number[] = [];
    const { publisher, transport, backend } = await pipeline((body) => seen.push(numberOf(body)));
    await transport.pause('raw');
    await publisher.publish('raw', 'live', raw(1));
    await until('it lies in the queue', async () => (await backend.depth()).some(({ work }) => work === 1));
    expect(seen).toEqual([]);
    await transport.resume('raw');
    await until('it has come', () => seen.length === 1);
  });

  it('goes on after its channel was closed alone', async () => {
    const seen: string[] = [];
    const backend = await kind().open('transformer');
    const subscription = await backend.consume({ stage: 'raw', lane: 'live' }, 1, ({ envelope, ack }) => {
      seen.push(envelope.messageId);
      // A broker closes the channel on which a message is acknowledged twice.
      ack();
      ack();
    });
    const ids = ['a', 'b', 'c'];
    for (const messageId of ids) {
      await kind().putRaw('raw', 'live', { body: bytes(raw(1)), messageId });
      await until(`${messageId} has come`, () => seen.includes(messageId));
    }
    await subscription.close();
  });

  it('is handed out twice and out of order where a test wants that', async () => {
    const seen: number[] = [];
    const { publisher } = await run(await kind().open('extractor'), {});
    const backend = new Disorder(await kind().open('transformer'), { seed: 7 });
    await run(backend, { raw: (body) => seen.push(numberOf(body)) });
    const numbers = Array.from({ length: 30 }, (_, number) => number);
    for (const number of numbers) await publisher.publish('raw', 'live', raw(number));
    await until('all have come twice', () => seen.length === 60);
    expect([...seen].sort((a, b) => a - b)).toEqual(numbers.flatMap((number) => [number, number]));
    expect(seen.filter((number, at) => seen.indexOf(number) === at)).not.toEqual(numbers);
  });
});
