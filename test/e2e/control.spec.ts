import type { RunReport } from '#contracts';
import { MessagePublisher, RabbitBackend, type Depth } from '#messaging';

import { silent } from '../integration/messaging-harness.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { runCli, startApp, type Settings, type Started } from './processes.js';

import.meta.jest.setTimeout(120_000);

const DAYS = 30;
const [from, lastDay] = ['2026-10-22', '2026-11-20'];
const range = ['backfill', '--from', from, '--to', lastDay];
/** What a stopped run may still do, and how long nothing is asked before that counts as stopped; milliseconds. */
const WITHIN_MS = 2_000;
const QUIET_MS = 2_000;

/** Milliseconds from the end of a command to the last request that ET got; waits until none comes any more. */
async function lastRequestAfter(emulator: Emulator, command: () => Promise<{ code: number | null }>): Promise<number> {
  expect(await command()).toMatchObject({ code: 0 });
  const done = performance.now();
  let [seen, at] = [emulator.stats().requests, done];
  await until('no more requests come', () => {
    const { requests } = emulator.stats();
    if (requests !== seen) [seen, at] = [requests, performance.now()];
    return performance.now() - at > QUIET_MS;
  });
  return at - done;
}

describeWith(['rabbitmq', 'postgresql'], 'a backfill by services over RabbitMQ', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;
  let settings: Settings;
  let broker: RabbitBackend;
  let services: Started[] = [];

  const cli = (...args: string[]) => runCli(args, settings);
  const runs = async () => (await new MessagePublisher(broker).ask({ type: 'status' })).status.runs;
  const begin = () => {
    services = (['loader', 'transformer', 'extractor'] as const).map((app) => startApp(app, [], settings));
  };
  const progressing = async () => {
    const { requests } = emulator.stats();
    await until('ET is asked', () => emulator.stats().requests > requests + 50, 60_000);
  };

  beforeAll(async () => {
    emulator = await startEmulator({ sessions: 3_000, days: DAYS, lastDay, latencyMs: 100 });
    [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    broker = await RabbitBackend.visit({ url: vhost.url, service: 'operator', logger: silent });
    settings = {
      ...emulator.settings,
      SYNC_CRON: 'off',
      DATABASE_URL: database.url,
      AMQP_URL: vhost.url,
      SHUTDOWN_GRACE: '10',
    };
  });
  afterAll(async () => {
    await Promise.all(services.map((app) => app.stop()));
    await broker.close();
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
  });

  it('is not there before a service was, and asking for it makes no queue', async () => {
    expect(await cli('status')).toMatchObject({ code: 1, stdout: 'No service has declared its queues yet.\n' });
    expect(await broker.depth()).toEqual([]);
  });

  it('given by two operators at one moment is one run, that pause stops within two seconds', async () => {
    begin();
    const given = await Promise.all([cli(...range), cli(...range)]);
    expect(given.map(({ code }) => code)).toEqual([0, 0]);
    await progressing();
    const [run, ...others] = await runs();
    expect([run?.kind, others]).toEqual(['backfill', []]);

    expect(await lastRequestAfter(emulator, () => cli('pause', run?.runId ?? ''))).toBeLessThan(WITHIN_MS);
    const paused = JSON.parse((await cli('status', '--json')).stdout) as { runs: RunReport[]; queues: Depth[] };
    expect(paused.runs).toMatchObject([{ runId: run?.runId, state: 'paused', slices: { queued: 0 } }]);
    expect(paused.runs[0]?.slices.planned).toBeGreaterThan(0);
    expect(paused.queues.map(({ consumers }) => consumers)).toEqual(Array(12).fill(1));
  });

  it('stays paused when all services are killed and started again, until it is resumed', async () => {
    // To find out whether ET is there, an extractor logs in and lists users when it starts.
    const read = (): object => ({ ...emulator.stats().byEndpoint, login: 0, users: 0 });
    const before = read();
    for (const { child } of services) child.kill('SIGKILL');
    await Promise.all(services.map(({ ended }) => ended));
    await until('the broker has noticed', async () => (await broker.depth()).every(({ consumers }) => consumers === 0));
    begin();
    await until('all are there again', async () => (await broker.depth()).every(({ consumers }) => consumers > 0));
    const [run] = await runs();
    expect([run?.state, run?.slices.queued, read()]).toEqual(['paused', 0, before]);
    expect(await cli('resume', run?.runId ?? '')).toMatchObject({ code: 0 });
    await progressing();
  });

  it('ends within two seconds of being cancelled', async () => {
    const [run] = await runs();
    expect(await lastRequestAfter(emulator, () => cli('cancel', run?.runId ?? ''))).toBeLessThan(WITHIN_MS);
    expect(await runs()).toMatchObject([{ state: 'cancelled', slices: { planned: 0, queued: 0 } }]);
  });
});

describe('a run in one process', () => {
  it('is paused and resumed from beside, across its end, within two seconds', async () => {
    const emulator = await startEmulator({ sessions: 900, days: DAYS, lastDay, latencyMs: 100 });
    const database = await freshDatabase('sqlite');
    const settings = {
      ...emulator.settings,
      DATABASE_URL: database.url,
    };
    const runs = async () =>
      (JSON.parse((await runCli(['status', '--json'], settings)).stdout) as { runs: RunReport[] }).runs;
    const first = startApp('cli', range, settings);
    await until('ET is asked', () => emulator.stats().requests > 200, 60_000);
    const runId = (await runs())[0]?.runId ?? '';
    expect(await lastRequestAfter(emulator, () => runCli(['pause', runId], settings))).toBeLessThan(WITHIN_MS);
    expect(await first.stop()).toMatchObject({ code: 130 });

    const { sessions, scores } = emulator.stats().byEndpoint;
    const second = startApp('cli', range, settings);
    await new Promise<void>((resolve) => {
      const paused = `paused (et-etl resume ${runId})`;
      second.child.stderr?.on('data', (told: string) => told.includes(paused) && resolve());
    });
    // Only the login was tried.
    expect(emulator.stats().byEndpoint).toMatchObject({ sessions, scores });
    emulator.pace.latencyMs = 0;
    expect(await runCli(['resume', runId], settings)).toMatchObject({ code: 0 });
    expect(await second.ended).toMatchObject({ code: 0 });
    expect(await runs()).toMatchObject([{ runId, state: 'done' }]);
    await emulator.close();
    await database.drop();
  });
});
