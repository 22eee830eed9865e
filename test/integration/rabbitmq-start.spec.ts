import { RabbitBackend } from '#messaging';
import { connect } from 'amqplib';

import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { silent } from './messaging-harness.js';

import.meta.jest.setTimeout(60_000);

const service = { service: 'loader', logger: silent } as const;

describeWith('rabbitmq', 'what a person has to mend stops the start', () => {
  let vhost: FreshVhost;
  beforeAll(async () => {
    vhost = await freshVhost();
  });
  afterAll(() => vhost.drop());

  it('tells of every queue and exchange that is missing where it may not declare', async () => {
    const starting = RabbitBackend.connect({ ...service, url: vhost.url, prefix: 'none.', declare: false });
    await expect(starting).rejects.toThrow(
      /exchange none\.etl\.loader: is missing[^]*queue none\.etl\.rows\.live\.v1\.dlq/,
    );
  });

  it('starts without declaring where all is there', async () => {
    await (await RabbitBackend.connect({ ...service, url: vhost.url })).close();
    const checked = await RabbitBackend.connect({ ...service, url: vhost.url, declare: false });
    await checked.close();
  });

  it('tells of queues with other settings, and how to mend them', async () => {
    await (await RabbitBackend.connect({ ...service, url: vhost.url })).close();
    const starting = RabbitBackend.connect({ ...service, url: vhost.url, queueBytes: 1_000_000 });
    await expect(starting).rejects.toThrow(
      /queue etl\.raw\.live\.v1: is there already with other settings; put the setting back, or delete it[^]*x-max-length-bytes[^]*etl\.rows\.live\.v1/,
    );
  });

  it('declares what a plain client finds', async () => {
    await (await RabbitBackend.connect({ ...service, url: vhost.url })).close();
    const connection = await connect(vhost.url);
    const channel = await connection.createChannel();
    for (const name of [
      'etl.rows.live.v1',
      'etl.rows.live.v1.wait',
      'etl.rows.live.v1.again',
      'etl.rows.live.v1.dlq',
    ]) {
      await expect(channel.checkQueue(name)).resolves.toMatchObject({ messageCount: 0 });
    }
    for (const name of ['etl.extractor', 'etl.transformer', 'etl.loader', 'etl.operator', 'etl.return']) {
      await channel.checkExchange(name);
    }
    await connection.close();
  });

  it.each([
    ['a wrong password', (url: URL) => (url.password = 'hush'), 'refuses user or password'],
    ['an unknown virtual host', (url: URL) => (url.pathname = '/nowhere'), 'no such virtual host'],
  ])('tells of %s', async (_what, spoil, text) => {
    const url = new URL(vhost.url);
    spoil(url);
    await expect(RabbitBackend.connect({ ...service, url: url.href })).rejects.toThrow(text);
  });

  it.each(['localhost:5672', 'http://etl:hush@localhost', 'amqp://'])(
    'tells how a URL looks, quoting none: %s',
    async (url) => {
      const starting = RabbitBackend.connect({ ...service, url });
      await expect(starting).rejects.toThrow('amqp://user:password@host:5672/virtual-host');
      await expect(starting).rejects.not.toThrow('hush');
    },
  );
});

describeWith('rabbitmq', 'who only looks', () => {
  const visitor = { service: 'operator', logger: silent } as const;
  let vhost: FreshVhost;
  beforeEach(async () => {
    vhost = await freshVhost();
  });
  afterEach(() => vhost.drop());

  it('finds no queues where nobody has declared any, and makes none', async () => {
    const visiting = await RabbitBackend.visit({ ...visitor, url: vhost.url });
    expect(await visiting.depth()).toEqual([]);
    await visiting.close();
    const starting = RabbitBackend.connect({ ...visitor, url: vhost.url, declare: false });
    await expect(starting).rejects.toThrow(/exchange etl\.operator: is missing[^]*queue etl\.commands\.v1: is missing/);
  });

  it('sees what lies in them, without a right to anything', async () => {
    const loader = await RabbitBackend.connect({ ...service, url: vhost.url });
    const message = { messageId: 'm', body: Buffer.from('{}'), contentEncoding: undefined, correlationId: undefined };
    const put = (stage: 'slices' | 'rows', place: 'work' | 'wait' | 'dead') =>
      loader.publish(
        { stage, lane: 'live' },
        place,
        { ...message, attempt: 0, headers: {} },
        AbortSignal.timeout(5000),
      );
    await put('slices', 'work');
    await put('slices', 'work');
    await put('rows', 'wait');
    await put('rows', 'dead');
    const consuming = await loader.consume({ stage: 'ends', lane: 'live' }, 1, () => undefined);
    await until('it consumes', async () => (await loader.depth()).some(({ consumers }) => consumers > 0));
    await vhost.restrict();

    const visiting = await RabbitBackend.visit({ ...visitor, url: vhost.url });
    const depths = new Map((await visiting.depth()).map(({ stage, lane, ...depth }) => [`${stage} ${lane}`, depth]));
    const empty = { inHand: null, work: 0, wait: 0, again: 0, dead: 0, consumers: 0 };
    expect(depths.size).toBe(12);
    expect(depths.get('slices live')).toEqual({ ...empty, queue: 'etl.slices.live.v1', work: 2 });
    expect(depths.get('rows live')).toEqual({ ...empty, queue: 'etl.rows.live.v1', wait: 1, dead: 1 });
    expect(depths.get('ends live')).toEqual({ ...empty, queue: 'etl.ends.live.v1', consumers: 1 });
    await expect(RabbitBackend.connect({ ...visitor, url: vhost.url })).rejects.toThrow('may not do that');
    await visiting.close();
    await consuming.close();
    await loader.close();
  });
});
