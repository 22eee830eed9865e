import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { Cut } from '../support/cut.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { startApp, type Settings, type Started } from './processes.js';

const lastDay = '2026-11-20';

describeWith(['rabbitmq', 'postgresql'], 'services, the broker, the database and ET', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;
  let ways: { broker: Cut; database: Cut; ET: Cut };
  let settings: Settings;
  let running: Started[];

  beforeEach(async () => {
    emulator = await startEmulator({ seed: 5, sessions: 300, days: 3, lastDay });
    [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    ways = {
      broker: new Cut(new URL(vhost.url)),
      database: new Cut(new URL(database.url)),
      ET: new Cut(new URL(emulator.url)),
    };
    for (const way of Object.values(ways)) await way.mend();
    settings = {
      ...emulator.settings,
      ET_URL: ways.ET.url,
      SYNC_CRON: 'off',
      DATABASE_URL: ways.database.url,
      AMQP_URL: ways.broker.url,
      SHUTDOWN_GRACE: '10',
    };
    running = [];
  });

  afterEach(async () => {
    const codes = (await Promise.all(running.map((one) => one.stop()))).map(({ code }) => code);
    for (const way of Object.values(ways)) await way.cut();
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
    expect(codes).toEqual(running.map(() => 0));
  });

  const waiting = {
    broker: {
      loader: 'waiting for the broker',
      transformer: 'waiting for the broker',
      extractor: 'waiting for the broker',
    },
    database: {
      loader: 'waiting for the database',
      transformer: 'service is running',
      extractor: 'service is running',
    },
    ET: { loader: 'service is running', transformer: 'service is running', extractor: 'waiting for Ender Turing' },
  } as const;

  it.each([
    { last: 'broker', order: ['extractor', 'loader', 'transformer'] },
    { last: 'database', order: ['loader', 'transformer', 'extractor'] },
    { last: 'ET', order: ['transformer', 'extractor', 'loader'] },
  ] as const)('may come in any order: $order, and $last last', async ({ last, order }) => {
    await ways[last].cut();
    for (const service of order) {
      const started = startApp(service, [], settings);
      running.push(started);
      await until(`the ${service} has said so`, () => started.said().includes(waiting[last][service]), 60_000);
    }
    const backfill = ['backfill', '--from', '2026-11-18', '--to', lastDay, '--wait'];
    const asked = startApp('cli', backfill, settings);
    await ways[last].mend();
    expect(await asked.ended).toMatchObject({ code: 0 });
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  });
});
