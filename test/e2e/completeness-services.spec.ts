import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';

import { exchangeOf, queueOf, statusReport, type StatusReport } from '#contracts';

import type { Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { DAY, dayAgo, settingsOf, startTenant } from './completeness-tenant.js';
import { runCli, startApp, type Settings, type Started } from './processes.js';

import.meta.jest.setTimeout(180_000);

const EXTRACTORS = 10;
const taps = [
  ['extractor', 'raw'],
  ['extractor', 'ends'],
  ['transformer', 'rows'],
] as const;

describeWith('rabbitmq', 'ten extractors with one schedule, a transformer and a loader', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;
  let settings: Settings;
  let services: Started[];
  let broker: ChannelModel;
  let channel: Channel;
  const passed: ConsumeMessage[] = [];

  const status = async (): Promise<StatusReport> =>
    statusReport.parse(JSON.parse((await runCli(['status', '--json'], settings)).stdout));

  beforeAll(async () => {
    emulator = await startTenant();
    [database, vhost] = await Promise.all([freshDatabase('sqlite'), freshVhost()]);
    settings = {
      ...settingsOf(emulator),
      DATABASE_URL: database.url,
      DELETE_MODE: 'remove',
      AMQP_URL: vhost.url,
      SHUTDOWN_GRACE: '10',
    };
    services = [
      startApp('loader', [], settings),
      startApp('transformer', [], settings),
      ...Array.from({ length: EXTRACTORS }, () => startApp('extractor', [], settings)),
    ];
    broker = await connect(vhost.url);
    channel = await broker.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const [service, stage] of taps) {
      await until('its exchange is there', () => exists(broker, exchangeOf(service)));
      await channel.bindQueue(queue, exchangeOf(service), queueOf(stage, 'live'));
    }
    await channel.consume(queue, (message) => message && passed.push(message), { noAck: true });
  });

  afterAll(async () => {
    await broker.close();
    const ended = await Promise.all(services.map((service) => service.stop()));
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
    expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
  });

  it('make one run of the last tick, and it loads everything', async () => {
    await until('the run is done', async () => (await status()).runs.some(({ state }) => state === 'done'), 120_000);
    expect((await status()).runs).toMatchObject([{ kind: 'scheduled', state: 'done' }]);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  });

  it('bring back nothing that was deleted, though all messages from before come once more', async () => {
    const before = passed.splice(0);
    const gone = emulator.tenant.ids(DAY).slice(2, 5);
    emulator.tenant.apply({ change: 'delete', ids: gone });
    expect(await runCli(['sync', '--wait'], settings)).toMatchObject({ code: 0 });
    expect((await status()).runs[0]).toMatchObject({ kind: 'sync', gone: 3 });
    expect(await flaws(database, emulator.tenant)).toEqual([]);

    passed.length = 0;
    for (const { fields, properties, content } of before) {
      channel.publish(fields.exchange, fields.routingKey, content, properties);
    }
    // Comes after them in every queue.
    expect(await runCli(['sync', '--wait'], settings)).toMatchObject({ code: 0 });
    expect(passed.length).toBeGreaterThan(before.length);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
    expect(await runCli(['gaps'], settings)).toMatchObject({ code: 0 });
  });

  it('read a day as one run for two who ask for it at once', async () => {
    const backfill = ['backfill', '--from', dayAgo(20), '--to', dayAgo(15), '--force', '--wait'];
    // Two processes do not start at the same moment: the first one's run has to last until the other asks.
    emulator.pace.latencyMs = 1_000;
    const both = await Promise.all([runCli(backfill, settings), runCli(backfill, settings)]);
    emulator.pace.latencyMs = 0;
    expect(both).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect((await status()).runs.filter(({ kind }) => kind === 'backfill')).toHaveLength(1);
  });

  it('have made no other run of that tick meanwhile', async () => {
    expect((await status()).runs.filter(({ kind }) => kind === 'scheduled')).toHaveLength(1);
  });
});

/** Asking after what is not there costs the channel. */
async function exists(broker: ChannelModel, exchange: string): Promise<boolean> {
  const channel = await broker.createChannel();
  channel.on('error', () => undefined);
  try {
    await channel.checkExchange(exchange);
    await channel.close();
    return true;
  } catch {
    return false;
  }
}
