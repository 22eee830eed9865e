import { lanes, stages, type Lane, type Stage } from '#contracts';
import { RabbitBackend, RejectedError, TransientError, type DeadLetters } from '#messaging';

import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { silent, type Handlers } from './messaging-harness.js';
import { RabbitKind, WAIT_MS } from './messaging-kinds.js';
import { attempt, bytes, numberOf, raw, slice, suiteOn } from './messaging-suite.js';

import.meta.jest.setTimeout(60_000);

const places = stages
  .filter(({ reply }) => !reply)
  .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane) => ({ stage, lane })));
const patience = () => AbortSignal.timeout(10_000);

describeWith('rabbitmq', 'dead letters on RabbitMQ', () => {
  const { kind, run } = suiteOn(() => RabbitKind.start());
  const letters = async (): Promise<DeadLetters> => ((await kind().open('operator')) as RabbitBackend).deadLetters;
  const refusing = (reason = 'against the contract') => {
    throw new RejectedError(reason);
  };
  const start = async (service: 'extractor' | 'transformer' | 'loader', handlers: Handlers) =>
    run(await kind().open(service), handlers);
  /** Raw batches of these numbers, dead. */
  const bury = async (...numbers: number[]): Promise<void> => {
    const { publisher } = await start('extractor', {});
    const transformer = await start('transformer', { raw: () => refusing() });
    for (const number of numbers) await publisher.publish('raw', 'live', raw(number));
    const dlq = await letters();
    await until('all are dead', async () => (await dlq.list()).length === numbers.length);
    await transformer.stop();
  };

  it('are listed of every queue, with why, where and since when, and the same ids at every look', async () => {
    await start('extractor', { commands: () => refusing(), slices: () => refusing(), pages: () => refusing() });
    await start('transformer', { raw: () => refusing() });
    await start('loader', { rows: () => refusing(), ends: () => refusing(), problems: () => refusing() });
    const put = (stage: Stage, lane: Lane | null) =>
      kind().putRaw(stage, lane, { body: bytes({ slice, poison: true }) });
    for (const { stage, lane } of places) await put(stage, lane);
    const dlq = await letters();
    // But for those of slices and problems, each posts a problem of the slice it names, which is refused as well.
    await until('all are dead', async () => (await dlq.list()).length === places.length + 9);
    const seen = await dlq.list();
    expect(new Set(seen.map(({ queue }) => queue)).size).toBe(places.length);
    expect(seen.find(({ stage, lane }) => stage === 'ends' && lane === 'live')).toEqual({
      id: expect.stringMatching(/^[\da-f]{12}$/) as string,
      stage: 'ends',
      lane: 'live',
      queue: 'etl.ends.live.v1',
      service: 'loader',
      messageId: expect.any(String) as string,
      attempt: 0,
      reason: expect.stringContaining('not a message for the stage ends') as string,
      errorClass: 'RejectedError',
      runId: slice.runId,
      sliceId: slice.sliceId,
      firstFailedAt: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      deadAt: expect.stringMatching(/^20\d\d-.*Z$/) as string,
      redriven: 0,
      bytes: bytes({ slice, poison: true }).length,
    });
    expect(await dlq.list()).toEqual(seen);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
  });

  it('outlive more looks than a broker hands a message out, in their order', async () => {
    await bury(1, 2, 3);
    const dlq = await letters();
    const first = await dlq.list();
    for (let look = 0; look < 25; look += 1) expect(await dlq.list()).toEqual(first);
  });

  it('are redriven as if they had never failed, and known again when they fail again', async () => {
    await bury(1, 2);
    const dlq = await letters();
    const [first, second] = (await dlq.list()) as [Dead, Dead];
    const attempts: number[] = [];
    expect(await dlq.redrive([first], patience())).toEqual([first]);
    expect(await dlq.list()).toEqual([second]);
    const failing = (): never => {
      throw new TransientError('still broken');
    };
    await run(
      await kind().open('transformer'),
      { raw: (_body, delivery) => (attempts.push(delivery.attempt), failing()) },
      { maxAttempts: 1 },
    );
    await until('it is dead again', async () => (await dlq.list()).length === 2);
    expect(attempts).toEqual([0, 1]);
    expect((await dlq.list())[1]).toMatchObject({
      id: first.id,
      reason: 'still broken',
      redriven: 1,
      firstFailedAt: first.firstFailedAt,
    });
  });

  it('are handled once the cause is mended, and gone', async () => {
    await bury(1, 2, 3);
    const dlq = await letters();
    await dlq.redrive(await dlq.list(), patience());
    const seen: number[] = [];
    await start('transformer', { raw: (body) => seen.push(numberOf(body)) });
    await until('all are handled', () => seen.length === 3);
    expect(seen).toEqual([1, 2, 3]);
    expect(await dlq.list()).toEqual([]);
  });

  it('are discarded one by one, and the others stay in their order', async () => {
    await bury(1, 2, 3);
    const dlq = await letters();
    const [one, two, three] = (await dlq.list()) as [Dead, Dead, Dead];
    expect(await dlq.discard([two])).toEqual([two]);
    expect(await dlq.list()).toEqual([one, three]);
    expect(await dlq.discard([two])).toEqual([]);
  });

  it('stay where they are when they cannot be sent on', async () => {
    await bury(1, 2);
    const dlq = await letters();
    const before = await dlq.list();
    await kind().stranger.unbindQueue('etl.raw.live.v1.again', 'etl.return', 'etl.raw.live.v1.again');
    try {
      await expect(dlq.redrive(before, AbortSignal.timeout(500))).rejects.toThrow(TransientError);
      expect(await dlq.list()).toEqual(before);
    } finally {
      await kind().stranger.bindQueue('etl.raw.live.v1.again', 'etl.return', 'etl.raw.live.v1.again');
    }
    expect(new Set(await dlq.redrive(before, patience()))).toEqual(new Set(before));
  });

  it('are looked at by one at a time, so that each sees all', async () => {
    await bury(1, 2, 3, 4);
    const many = await Promise.all(Array.from({ length: 4 }, () => letters()));
    const looks = await Promise.all(many.map((dlq) => dlq.list()));
    expect(looks.map((look) => look.length)).toEqual([4, 4, 4, 4]);
  });

  it('that the broker gave up say so, and of which slice they are', async () => {
    await kind().open('operator');
    const queue = 'etl.raw.live.v1';
    await kind().putRaw('raw', 'live', { body: bytes(raw(1)) });
    const { stranger } = kind();
    const dlq = await letters();
    for (let lives = 0; (await dlq.list()).length === 0; lives += 1) {
      const message = await stranger.get(queue);
      if (message) stranger.reject(message, true);
      if (lives > 500) throw new Error('the broker does not give it up');
    }
    const [letter] = await dlq.list();
    expect(letter).toMatchObject({ errorClass: 'delivery_limit', runId: slice.runId, sliceId: slice.sliceId });
    expect(letter?.deadAt).toMatch(/^20/);
    expect((await dlq.list())[0]?.id).toBe(letter?.id);
    const seen: number[] = [];
    await dlq.redrive([letter!], patience());
    await start('transformer', { raw: (body) => seen.push(numberOf(body)) });
    await until('it is handled', () => seen.length === 1);
    expect(attempt).toBe(raw(1).identity.attempt);
  });

  it('open with all they carried', async () => {
    await bury(1);
    const dlq = await letters();
    const [letter] = (await dlq.list()) as [Dead];
    const envelope = await dlq.open(letter);
    expect(envelope?.headers).toMatchObject({ 'x-error': 'against the contract', 'x-run-id': slice.runId });
    expect(await dlq.open({ ...letter, id: 'ffffffffffff' })).toBeUndefined();
  });

  it('do not hinder a service that declares the queues again', async () => {
    const again = await RabbitBackend.connect({ url: kind().url, service: 'loader', logger: silent, waitMs: WAIT_MS });
    await again.close();
  });
});

describeWith('rabbitmq', 'an operator with few rights', () => {
  let vhost: FreshVhost;
  beforeAll(async () => {
    vhost = await freshVhost();
  });
  afterAll(() => vhost.drop());
  const visit = () => RabbitBackend.visit({ url: vhost.url, service: 'operator', logger: silent });

  it('finds no dead letters where no queue was ever declared', async () => {
    const operator = await visit();
    expect(await operator.deadLetters.list()).toEqual([]);
    await operator.close();
  });

  it('lists, redrives and discards dead letters with the rights that docs/dead-letters.md names', async () => {
    const loader = await RabbitBackend.connect({ url: vhost.url, service: 'loader', logger: silent });
    const envelope = { body: bytes({}), contentEncoding: undefined, correlationId: undefined, attempt: 0, headers: {} };
    for (const messageId of ['one', 'two'])
      await loader.publish({ stage: 'rows', lane: 'live' }, 'dead', { ...envelope, messageId }, patience());
    await vhost.restrict({
      configure: '^etl\\.dead-letters\\.lock$',
      write: '^etl\\.(return|operator)$',
      read: '\\.dlq$',
    });
    const operator = await visit();
    const [first, second] = (await operator.deadLetters.list()) as [Dead, Dead];
    expect(await operator.deadLetters.redrive([first], patience())).toEqual([first]);
    expect(await operator.deadLetters.discard([second])).toEqual([second]);
    expect(await operator.deadLetters.list()).toEqual([]);
    expect(await loader.depth()).toContainEqual(expect.objectContaining({ stage: 'rows', lane: 'live', again: 1 }));
    await operator.close();
    await loader.close();
  });
});

type Dead = Awaited<ReturnType<DeadLetters['list']>>[number];
