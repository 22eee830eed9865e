import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { connect, type Channel, type ChannelModel } from 'amqplib';

import { lanes, queueOf, stages, type RunReport } from '#contracts';
import { MessagePublisher, RabbitBackend, type DeadLetter } from '#messaging';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { silent } from '../integration/messaging-harness.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { runCli, startApp, type Ended, type Settings, type Started } from './processes.js';

import.meta.jest.setTimeout(180_000);

const [from, lastDay] = ['2026-11-18', '2026-11-20'];
const queues = stages
  .filter(({ reply }) => !reply)
  .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane) => queueOf(stage, lane)));

/** Most looks are a process of their own, or a question to the broker. Milliseconds in all, and between two looks. */
const LONG = [60_000, 100] as const;

describeWith(['rabbitmq', 'postgresql'], 'dead letters of running services', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;
  let settings: Settings;
  let connection: ChannelModel;
  let stranger: Channel;
  const running = new Map<string, Started>();

  const start = (app: 'loader' | 'transformer' | 'extractor') => running.set(app, startApp(app, [], settings));
  const stop = async (app: string): Promise<void> => {
    await running.get(app)?.stop();
    running.delete(app);
  };
  const cli = (...args: string[]): Promise<Ended> => runCli(args, settings);
  const json = async <T>(...args: string[]): Promise<T> => {
    const ended = await cli(...args, '--json');
    if (ended.code !== 0) throw new Error(ended.stderr);
    return JSON.parse(ended.stdout) as T;
  };
  const count = async (queue: string) => (await stranger.checkQueue(queue)).messageCount;
  /** How many dead letters there are. */
  const dead = async () => {
    const counts = await Promise.all(queues.map((queue) => count(`${queue}.dlq`)));
    return counts.reduce((sum, one) => sum + one, 0);
  };
  const letters = () => json<DeadLetter[]>('dlq', 'ls');
  const runs = async () => (await json<{ runs: RunReport[] }>('status')).runs;
  const untilDone = async (run: RunReport | undefined) => {
    await until('the run is done', async () => (await runs())[0]?.state === 'done', ...LONG);
    expect((await runs())[0]).toMatchObject({ runId: run?.runId, slices: { failed: 0 }, problems: [] });
    expect(await letters()).toEqual([]);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  };
  beforeAll(async () => {
    emulator = await startEmulator({ seed: 31, sessions: 240, days: 3, lastDay });
    [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    settings = {
      ...emulator.settings,
      // Never due within the test: only what is asked for is to run.
      SYNC_CRON: '0 0 29 2 *',
      DATABASE_URL: database.url,
      AMQP_URL: vhost.url,
      SHUTDOWN_GRACE: '6',
    };
    for (const app of ['loader', 'transformer', 'extractor'] as const) start(app);
    connection = await connect(vhost.url);
    stranger = await connection.createChannel();
    await until('the services answer', async () => (await cli('status')).code === 0, ...LONG);
  });
  afterAll(async () => {
    await Promise.all([...running.keys()].map(stop));
    await connection.close();
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
  });

  it('poison in every queue is listed, shown, redriven and discarded', async () => {
    for (const queue of queues) stranger.sendToQueue(queue, Buffer.from('{"poison":"Olena, +380501234567"'));
    await until('all of it is dead', async () => (await dead()) === queues.length, ...LONG);
    const found = await letters();
    expect(found.map(({ queue }) => queue).sort()).toEqual([...queues].sort());
    for (const letter of found)
      expect(letter).toMatchObject({ reason: 'the body is not JSON', attempt: 0, redriven: 0 });

    const [one, other] = found as [DeadLetter, DeadLetter];
    const listed = await cli('dlq', 'ls', '--queue', one.stage, '--since', '1h');
    expect(listed.stdout).toMatch(
      new RegExp(`^${one.id} +${one.queue} +20.*RejectedError +the body is not JSON$`, 'm'),
    );
    const shown = await cli('dlq', 'show', one.id.slice(0, 8));
    expect(shown.stdout).toContain('The body cannot be read: the body is not JSON.');
    expect(shown.stdout + listed.stdout).not.toMatch(/Olena|380/);
    expect((await cli('dlq', 'show', 'ffff')).code).toBe(2);

    expect((await cli('dlq', 'redrive', '--all', '--dry-run')).stdout).toMatch(
      /would be redriven; nothing was changed/,
    );
    expect(await letters()).toEqual(found);
    expect((await cli('dlq', 'redrive', '--id', one.id)).stdout).toMatch(/^1 dead letter redriven\.$/m);
    await until('it is dead again', async () => (await dead()) === queues.length, ...LONG);
    const again = (await letters()).find(({ redriven }) => redriven === 1);
    expect(again).toMatchObject({ id: one.id, reason: one.reason });

    expect((await cli('dlq', 'discard', '--id', other.id)).code).toBe(0);
    expect((await letters()).map(({ id }) => id)).not.toContain(other.id);
    expect((await cli('dlq', 'discard', '--reason', 'NOT JSON')).code).toBe(0);
    expect(await letters()).toEqual([]);
  });

  it('what ET refused completes its run once it is redriven', async () => {
    emulator.faults.set([{ fault: 'status', status: 422, endpoint: ['count', 'sessions'], day: '2026-11-19' }]);
    const failed = await cli('backfill', '--from', from, '--to', lastDay, '--wait');
    expect(failed.code).toBe(1);
    const [letter, ...others] = await letters();
    expect(others).toEqual([]);
    expect(letter).toMatchObject({ stage: 'slices', errorClass: 'EtError refused', service: 'extractor' });
    const [run] = await runs();
    expect(run).toMatchObject({ runId: letter?.runId, state: 'failed', problems: [{ sliceId: letter?.sliceId }] });

    emulator.faults.clear();
    const redriven = await cli('dlq', 'redrive', '--queue', 'slices', '--reason', 'refused');
    expect(redriven.stdout).toMatch(/^1 day or dictionary open again/m);
    await untilDone(run);
  });

  it('a redrive that is killed before it sends anything is done by the next', async () => {
    emulator.faults.set([{ fault: 'status', status: 422, endpoint: ['count', 'sessions'], day: '2026-11-19' }]);
    expect((await cli('backfill', '--from', from, '--to', lastDay, '--force', '--wait')).code).toBe(1);
    emulator.faults.clear();
    const [letter] = await letters();
    const backend = await RabbitBackend.visit({ url: vhost.url, service: 'operator', logger: silent });
    // What it does first.
    await new MessagePublisher(backend).ask({ type: 'reopen-slices', sliceIds: [letter?.sliceId ?? ''] });
    await backend.close();
    const [run] = await runs();
    expect(run).toMatchObject({ runId: letter?.runId, state: 'open', slices: { queued: 1, failed: 0 } });
    expect(await letters()).toEqual([letter]);

    expect((await cli('dlq', 'redrive', '--all')).stdout).toBe('1 dead letter redriven.\n');
    await untilDone(run);
  });

  it('a redrive that is killed in the middle loses nothing', async () => {
    await stop('transformer');
    const queue = queueOf('raw', 'backfill');
    const loading = startApp('cli', ['backfill', '--from', from, '--to', lastDay, '--force', '--wait'], settings);
    let quiet = 0;
    // Sent to the dead-letter queue as a transformer would have done, forty copies of each that differ in their id.
    let moved = 0;
    const isMoved = async () => {
      const message = await stranger.get(queue);
      if (message) {
        const { messageId, headers, contentEncoding } = message.properties;
        for (let copy = 0; copy < 40; copy += 1) {
          stranger.sendToQueue(`${queue}.dlq`, message.content, {
            messageId: `${messageId}-${copy}`,
            headers: { ...headers, 'x-error': 'moved by a test' },
            contentEncoding,
            persistent: true,
          });
        }
        stranger.ack(message);
        moved += 40;
      }
      quiet = message ? 0 : quiet + 1;
      return moved > 0 && quiet > 20;
    };
    await until('all of it is dead', isMoved, ...LONG);
    expect(await count(`${queue}.dlq`)).toBe(moved);

    for (const limit of [moved / 8, moved / 3]) {
      const redriving = startApp('cli', ['dlq', 'redrive', '--queue', 'raw', '--reason', 'moved by'], settings);
      await until('it is in the middle', async () => (await count(`${queue}.again`)) > limit, ...LONG);
      redriving.child.kill('SIGKILL');
      expect((await redriving.ended).code).toBeNull();
      await until(
        'nothing is lost',
        async () => (await count(`${queue}.dlq`)) + (await count(`${queue}.again`)) >= moved,
        ...LONG,
      );
      expect(await count(`${queue}.dlq`)).toBeGreaterThan(0);
    }
    expect((await cli('dlq', 'redrive', '--all')).code).toBe(0);
    expect(await letters()).toEqual([]);
    start('transformer');
    expect((await loading.ended).code).toBe(0);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  });
});

describe('dead letters of one process', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'etl-dead-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const file = () => path.join(folder, 'data/ender-turing.sqlite');
  const settingsOf = ({ settings }: Emulator): Settings => ({ ...settings, LOG_LEVEL: 'error' });
  const range = ['run', '--start-dt', from, '--stop-dt', lastDay];

  it('outlive it, and what they are of is loaded once they are redriven, be that killed in between', async () => {
    const emulator = await startEmulator({ seed: 32, sessions: 120, days: 3, lastDay });
    const cli = (...args: string[]) => runCli(args, settingsOf(emulator), folder);
    try {
      expect((await cli('dlq', 'ls')).stdout).toBe('There are no dead letters.\n');
      emulator.faults.set([{ fault: 'status', status: 422, endpoint: ['count', 'sessions'] }]);
      expect((await cli(...range)).code).toBe(1);
      const found = JSON.parse((await cli('dlq', 'ls', '--json')).stdout) as DeadLetter[];
      expect(found.map(({ sliceId }) => sliceId?.slice(-10)).sort()).toEqual([from, '2026-11-19', lastDay]);
      const [one] = found as [DeadLetter];
      expect(one).toMatchObject({
        stage: 'slices',
        errorClass: 'EtError refused',
        runId: expect.any(String) as string,
      });
      expect((await cli('dlq', 'show', one.id)).stdout).toContain(`"sliceId": "${one.sliceId}"`);

      emulator.faults.clear();
      emulator.pace.latencyMs = 100;
      emulator.resetStats();
      const redriving = startApp('cli', ['dlq', 'redrive', '--id', one.id], settingsOf(emulator), folder);
      await until('it reads again', () => emulator.stats().requests > 10, ...LONG);
      redriving.child.kill('SIGKILL');
      await redriving.ended;
      emulator.pace.latencyMs = 0;

      expect((await cli('dlq', 'redrive', '--all')).stdout).toMatch(/^2 dead letters redriven\.\n2 days /m);
      expect((await cli('dlq', 'ls')).stdout).toBe('There are no dead letters.\n');
      expect((await cli('gaps')).stdout).not.toMatch(new RegExp(`^${from}|^2026-11-19|^${lastDay}`, 'm'));
      expect(await flaws(file(), emulator.tenant)).toEqual([]);
    } finally {
      await emulator.close();
    }
  });
});
