import { RabbitBackend } from '#messaging';
import { connect } from 'amqplib';

import { describeWith } from '../support/suites.js';
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
