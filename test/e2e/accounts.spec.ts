import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { connect, credentials, type ChannelModel } from 'amqplib';

import { exchangeOf, queuesOf, RETURN_EXCHANGE, type Service } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { runCli, startApp, type Settings } from './processes.js';

const services = ['loader', 'transformer', 'extractor'] as const;
const accounts: readonly Service[] = [...services, 'operator'];
const [from, lastDay] = ['2026-11-18', '2026-11-20'];
const ACCESS_REFUSED = 403;
/** KEDA's: it has no service, and no right but to look. */
const MONITOR = 'monitor';

const queues = services.flatMap((service) =>
  queuesOf(service).flatMap(({ queue, reply }) =>
    (reply ? [''] : ['', '.wait', '.again', '.dlq']).map((suffix) => ({ service, suffix, name: `${queue}${suffix}` })),
  ),
);

describeWith(['rabbitmq', 'postgresql'], 'one account of the broker for each service', () => {
  let folder: string;
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;

  type Account = Service | typeof MONITOR;
  const password = (account: Account) => `of ${account}: /?#@% ü ї`;
  const fileOf = (account: Account) => path.join(folder, `amqp_${account}`);
  const urlOf = (account: Account): URL => Object.assign(new URL(vhost.url), { username: account, password: '' });
  const settingsOf = (account: Service): Settings => ({
    ET_TIMEZONE: 'UTC',
    AMQP_URL: urlOf(account).href,
    AMQP_PASSWORD_FILE: fileOf(account),
    AMQP_DECLARE: 'false',
  });
  const connected = (account: Account): Promise<ChannelModel> =>
    connect(urlOf(account).href, { credentials: credentials.plain(account, password(account)) });

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'etl-accounts-'));
    for (const account of [...accounts, MONITOR] as const) writeFileSync(fileOf(account), `${password(account)}\n`);
    emulator = await startEmulator({ sessions: 300, days: 3, lastDay });
    [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    const management = ['--management', process.env['TEST_AMQP_MANAGEMENT_URL'] ?? ''];
    const applied = await runCli(['topology', 'apply', '--users', folder, ...management], { AMQP_URL: vhost.url });
    expect(applied).toMatchObject({ code: 0, stdout: expect.stringContaining('extractor, transformer, loader') });
  }, 60_000);

  afterAll(async () => {
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
    rmSync(folder, { recursive: true });
  });

  it('is all they need to load days, tell how it stands and look at dead letters', async () => {
    const others = { ...emulator.settings, SYNC_CRON: 'off', DATABASE_URL: database.url };
    const running = services.map((service) => startApp(service, [], { ...settingsOf(service), ...others }));
    const operator = settingsOf('operator');
    const loaded = await runCli(['backfill', '--from', from, '--to', lastDay, '--wait'], operator);
    const looks = [await runCli(['status'], operator), await runCli(['dlq', 'ls'], operator)];
    const ended = await Promise.all(running.map((one) => one.stop()));
    const all = [loaded, ...looks, ...ended];
    expect(all.map(({ code }) => code)).toEqual(all.map(() => 0));
    expect(all.map(({ stderr }) => stderr).join('')).not.toMatch(/"level":"error"|ACCESS_REFUSED/);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  }, 120_000);

  it.each(accounts)('lets %s consume its own queues alone', async (account) => {
    const model = await connected(account);
    const read: string[] = [];
    for (const { name } of queues) if (await permits(model, (channel) => channel.get(name))) read.push(name);
    await model.close();
    const own = queues.filter(({ service, suffix }) =>
      account === 'operator' ? suffix === '.dlq' : service === account && ['', '.again'].includes(suffix),
    );
    expect(read).toEqual(own.map(({ name }) => name));
  });

  it.each(accounts)('lets %s publish to its own exchange, and to no other that leads to a queue', async (account) => {
    const model = await connected(account);
    const written: string[] = [];
    for (const exchange of [...accounts.map(exchangeOf), RETURN_EXCHANGE, '']) {
      const publish = async (channel: Channel) => {
        channel.publish(exchange, 'nowhere', Buffer.from(''));
        await channel.waitForConfirms();
      };
      if (await permits(model, publish)) written.push(exchange);
    }
    await model.close();
    const more: Partial<Record<Service, string>> = { loader: '', operator: RETURN_EXCHANGE };
    expect(written).toEqual([exchangeOf(account), ...(account in more ? [more[account]] : [])]);
  });

  it('lets KEDA see how many messages a queue has, in hand or not, and do nothing', async () => {
    const virtualHost = vhost.url.split('/').at(-1);
    const authorization = `Basic ${Buffer.from(`${MONITOR}:${password(MONITOR)}`).toString('base64')}`;
    const seen = async (queue: string): Promise<unknown> => {
      const url = new URL(`/api/queues/${virtualHost}/${queue}`, process.env['TEST_AMQP_MANAGEMENT_URL']);
      Object.assign(url, { username: '', password: '' });
      const answer = await fetch(url, { headers: { authorization } });
      return answer.ok ? ((await answer.json()) as { messages?: number }).messages : answer.status;
    };
    const [queue] = queuesOf('extractor');
    const [sender, taker, monitor] = await Promise.all([
      connected('operator'),
      connected('extractor'),
      connected(MONITOR),
    ]);
    await permits(sender, async (channel) => {
      channel.publish(exchangeOf('operator'), queue!.queue, Buffer.from('{}'));
      await channel.waitForConfirms();
    });
    const channel = await taker.createChannel();
    expect(await channel.get(queue!.queue)).not.toBe(false);
    const all = queues.filter(({ suffix }) => ['', '.again'].includes(suffix)).map(({ name }) => name);
    const wanted = all.map((name) => (name === queue!.queue ? 1 : 0)).join();
    const sees = async () => (await Promise.all(all.map(seen))).join() === wanted;
    await until('it sees the one message that is in hand, and no other', sees, 20_000, 500);
    for (const name of all) expect(await permits(monitor, (own) => own.get(name))).toBe(false);
    await Promise.all([sender, taker, monitor].map((model) => model.close()));
  });

  it.each(accounts)('lets %s make nothing that others see', async (account) => {
    const model = await connected(account);
    expect(await permits(model, (channel) => channel.assertQueue('etl.mine'))).toBe(false);
    expect(await permits(model, (channel) => channel.assertExchange('etl.mine', 'topic'))).toBe(false);
    expect(await permits(model, (channel) => channel.deleteQueue(queues[0]!.name))).toBe(false);
    await model.close();
  });
});

describeWith('rabbitmq', 'et-etl topology apply', () => {
  it('names a queue that is there with other settings, what to do, and no password', async () => {
    const vhost = await freshVhost();
    const model = await connect(vhost.url);
    await (await model.createChannel()).assertQueue('etl.rows.live.v1', { durable: true });
    await model.close();
    const applied = await runCli(['topology', 'apply'], { AMQP_URL: vhost.url });
    await vhost.drop();
    expect(applied.code).toBe(1);
    expect(applied.stderr).toMatch(
      /queue etl\.rows\.live\.v1: is there already with other settings[^]*\n {2}docs\/broker\.md tells/,
    );
    expect(applied.stderr).not.toContain('check AMQP_URL');
    expect(applied.stderr).not.toContain(new URL(vhost.url).password || vhost.url);
  });
});

type Channel = Awaited<ReturnType<ChannelModel['createConfirmChannel']>>;

/** Whether the broker lets this be done, on a channel of its own, for a refusal closes it. */
async function permits(model: ChannelModel, act: (channel: Channel) => Promise<unknown>): Promise<boolean> {
  const channel = await model.createConfirmChannel();
  const refusal = new Promise<{ code?: number }>((resolve) => channel.once('error', resolve));
  try {
    await act(channel);
    await channel.close();
    return true;
  } catch {
    expect(await refusal).toMatchObject({ code: ACCESS_REFUSED });
    return false;
  }
}
