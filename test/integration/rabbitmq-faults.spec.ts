import { queueOf } from '#contracts';
import { MessagePublisher, RabbitBackend } from '#messaging';

import { Cut } from '../support/cut.js';
import { describeWith } from '../support/suites.js';
import { swallowing } from '../support/swallowing.js';
import { until } from '../support/until.js';
import { gate, silent } from './messaging-harness.js';
import { RabbitKind, WAIT_MS } from './messaging-kinds.js';
import { numberOf, raw, suiteOn } from './messaging-suite.js';

import.meta.jest.setTimeout(60_000);

const queue = queueOf('raw', 'live');

describeWith('rabbitmq', 'faults of the broker and the way to it', () => {
  const { kind, run, pipeline } = suiteOn(() => RabbitKind.start());
  const ways: Cut[] = [];
  async function cuttable(): Promise<Cut> {
    const way = new Cut(new URL(kind().url));
    await way.mend();
    ways.push(way);
    return way;
  }
  afterEach(() => Promise.all(ways.splice(0).map((way) => way.cut())));

  it('waits for a broker that is not there yet', async () => {
    const way = await cuttable();
    await way.cut();
    const told: string[] = [];
    const logger = {
      ...silent,
      warn: (fields: object, text: string) => told.push(`${text} ${JSON.stringify(fields)}`),
    };
    const opening = RabbitBackend.connect({ url: way.url, service: 'extractor', logger, waitMs: WAIT_MS });
    await until('it has said so', () => told.length > 0);
    await way.mend();
    await (await opening).close();
    expect(told[0]).toContain(`waiting for the broker {"broker":"${new URL(way.url).host}`);
    expect(told.join()).not.toContain(new URL(way.url).password);
  });

  it('goes on after the connection was cut, and runs no handler beside itself', async () => {
    const way = await cuttable();
    const { opened, open } = gate();
    const begun: number[] = [];
    const backend = await kind().open('transformer', way.url);
    await run(backend, {
      raw: async (body) => {
        begun.push(numberOf(body));
        if (numberOf(body) === 0) await opened;
      },
    });
    const { publisher } = await run(await kind().open('extractor'), {});
    await publisher.publish('raw', 'live', raw(0));
    await until('the first is in hand', () => begun.length === 1);
    await way.cut();
    await way.mend();
    await publisher.publish('raw', 'live', raw(1));
    await until('the second has come', () => begun.includes(1));
    await until('the first has come again', () => backend.tally.read().raw.delivered === 3);
    open();
    await until('the queue is empty', async () => (await kind().stranger.checkQueue(queue)).messageCount === 0);
    expect(begun).toEqual([0, 1]);
  });

  it('keeps what is published while the broker is away', async () => {
    const way = await cuttable();
    const { publisher } = await run(await kind().open('extractor', way.url), {});
    await publisher.publish('raw', 'live', raw(0));
    await way.cut();
    const published = Promise.all([1, 2, 3].map((number) => publisher.publish('raw', 'live', raw(number))));
    await way.mend();
    await published;
    const { messageCount } = await kind().stranger.checkQueue(queue);
    expect(messageCount).toBeGreaterThanOrEqual(4);
  });

  it('does not wait for an absent broker for ever', async () => {
    const way = await cuttable();
    const publisher = new MessagePublisher(await kind().open('extractor', way.url), { patienceMs: 200 });
    await way.cut();
    await expect(publisher.publish('raw', 'live', raw(0))).rejects.toMatchObject({ outside: true });
  });

  it('settles once the broker is back', async () => {
    const way = await cuttable();
    const { opened, open } = gate();
    let tries = 0;
    await run(await kind().open('transformer', way.url), {
      raw: async () => {
        tries += 1;
        if (tries > 1) return;
        await opened;
        throw new Error('failed');
      },
    });
    const { publisher } = await run(await kind().open('extractor'), {});
    await publisher.publish('raw', 'live', raw(0));
    await until('it is in hand', () => tries === 1);
    await way.cut();
    open();
    await way.mend();
    await until('it was retried', () => tries === 2);
  });

  it('asks again when the way was cut under a question', async () => {
    const way = await cuttable();
    let asked = 0;
    await run(await kind().open('loader'), {
      questions: () => (++asked === 1 ? way.cut().then(() => way.mend()) : { type: 'stopped-runs', runIds: ['a'] }),
    });
    const { publisher } = await run(await kind().open('extractor', way.url), {});
    await expect(publisher.ask({ type: 'stopped-runs' })).resolves.toEqual({ type: 'stopped-runs', runIds: ['a'] });
  });

  it('sends again over another channel what is not confirmed in time', async () => {
    const way = await swallowing(new URL(kind().url));
    const backend = await kind().open('extractor', way.url);
    const publisher = new MessagePublisher(backend);
    await publisher.publish('raw', 'live', raw(0));
    way.on = true;
    const published = publisher.publish('raw', 'live', raw(1));
    await until('the confirmation was lost', () => way.swallowed === 1);
    way.on = false;
    await published;
    expect((await kind().stranger.checkQueue(queue)).messageCount).toBe(3);
    await backend.close();
    await way.close();
  });

  it('notices that messages are routed to no queue, each of several on the way', async () => {
    const publisher = new MessagePublisher(await kind().open('extractor'), { patienceMs: 500 });
    const { stranger } = kind();
    await stranger.unbindQueue(queue, 'etl.extractor', queue);
    const numbers = [0, 1, 2, 3, 4];
    const published = await Promise.allSettled(numbers.map((number) => publisher.publish('raw', 'live', raw(number))));
    const cause = { message: expect.stringContaining('binding is missing') as string };
    const refused = { status: 'rejected', reason: { outside: true, cause } };
    expect(published).toMatchObject(numbers.map(() => refused));
    await stranger.bindQueue(queue, 'etl.extractor', queue);
    await publisher.publish('raw', 'live', raw(0));
  });

  it('consumes again after the queue was deleted and made again', async () => {
    const seen: number[] = [];
    let interrupted = false;
    const logger = { ...silent, warn: (_: object, text: string) => (interrupted ||= text === 'consumer interrupted') };
    const consuming = await kind().open('transformer', kind().url, logger);
    await run(consuming, { raw: (body) => seen.push(numberOf(body)) });
    const { publisher } = await run(await kind().open('extractor'), {});
    await publisher.publish('raw', 'live', raw(0));
    await until('the first has come', () => seen.length === 1);
    await kind().stranger.deleteQueue(queue);
    // RabbitMQ 3.10 forgets to tell the consumer of a quorum queue that is made again at once.
    await until('the consumer has noticed', () => interrupted);
    await kind().open('operator');
    await publisher.publish('raw', 'live', raw(1));
    await until('the second has come', () => seen.length === 2);
  });

  it('has one consumer of each queue, however pauses and resumptions overtake each other', async () => {
    const seen: number[] = [];
    const { transport } = await run(await kind().open('transformer'), { raw: (body) => seen.push(numberOf(body)) });
    const { publisher } = await run(await kind().open('extractor'), {});
    const counts = async () => {
      const queues = [queue, `${queue}.again`].map((name) => kind().stranger.checkQueue(name));
      return (await Promise.all(queues)).map(({ consumerCount }) => consumerCount);
    };
    await until('it consumes', async () => (await counts()).join() === '1,1');
    await transport.pause('raw');
    expect(await counts()).toEqual([0, 0]);
    await Promise.all([transport.resume('raw'), transport.pause('raw'), transport.resume('raw')]);
    expect(await counts()).toEqual([1, 1]);
    await Promise.all([transport.resume('raw'), transport.pause('raw')]);
    expect(await counts()).toEqual([0, 0]);
    await transport.resume('raw');
    await publisher.publish('raw', 'live', raw(1));
    await until('it has come', () => seen.length === 1);
  });

  it('passes on none of the headers that the broker adds', async () => {
    const failing = () => {
      throw new Error('failed');
    };
    const { publisher } = await pipeline(failing, { maxAttempts: 1 });
    await publisher.publish('raw', 'live', raw(0));
    await until('it is dead', async () => (await kind().deadLetters('raw', 'live')).length === 1);
    const dead = await kind().stranger.get(`${queue}.dlq`, { noAck: true });
    // The dead-letter queue's own count is there because `deadLetters` looked at it.
    const names = Object.keys((dead && dead.properties.headers) ?? {}).filter((name) => name !== 'x-delivery-count');
    const said = [
      'attempt',
      'contract-version',
      'error',
      'error-class',
      'failed-at',
      'first-failed-at',
      'first-published-at',
    ];
    const where = ['origin-queue', 'origin-service', 'run-id', 'slice-id'];
    expect(names.sort()).toEqual([...said, ...where].map((name) => `x-${name}`));
  });

  it('says on the wire what a message is', async () => {
    const { publisher } = await run(await kind().open('extractor'), {});
    const body = raw(0, 'x'.repeat(5_000));
    await publisher.publish('raw', 'live', body);
    await publisher.publish('raw', 'live', body);
    const first = await kind().stranger.get(queue, { noAck: true });
    const second = await kind().stranger.get(queue, { noAck: true });
    if (!first || !second) throw new Error('nothing was published');
    expect(first.properties).toMatchObject({
      type: 'etl.raw.v1',
      appId: 'extractor',
      contentType: 'application/json',
      contentEncoding: 'zstd',
      correlationId: 'run-1',
      deliveryMode: 2,
      timestamp: expect.any(Number) as number,
    });
    expect(second.properties.messageId).toBe(first.properties.messageId);
  });
});
