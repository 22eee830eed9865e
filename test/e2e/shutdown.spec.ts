import pg from 'pg';

import { RabbitBackend } from '#messaging';

import { depths } from '../chaos/broker-traffic.js';
import { Ground } from '../chaos/ground.js';
import { verdict } from '../chaos/verdict.js';
import { silent } from '../integration/messaging-harness.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { runCli, startApp, type Settings, type Started } from './processes.js';

import.meta.jest.setTimeout(180_000);

const operator = { service: 'operator', logger: silent } as const;
/** Milliseconds that parked messages wait: enough to count them, and less than the minute of a real installation. */
const WAIT_MS = 20_000;

describeWith(['rabbitmq', 'postgresql'], 'a service that is told to stop while a message in hand takes long', () => {
  let ground: Ground;
  let locker: pg.Client;
  let amqpUrl: string;
  let settings: Settings;
  let loader: Started;
  const started: Started[] = [];

  beforeAll(async () => {
    ground = await Ground.services({ seed: 11, sessions: 400, days: 4 });
    amqpUrl = ground.settings['AMQP_URL'] ?? '';
    const declared = await RabbitBackend.connect({ ...operator, url: amqpUrl, waitMs: WAIT_MS });
    await declared.close();
    settings = { ...ground.settings, AMQP_DECLARE: 'false' };
    locker = new pg.Client(ground.settings['DATABASE_URL']);
    await locker.connect();
  });
  afterAll(async () => {
    await locker.end();
    await Promise.all(started.map((one) => one.stop()));
    await ground.close();
  });

  function start(service: 'loader' | 'transformer' | 'extractor', grace: number): Started {
    const one = startApp(service, [], { ...settings, SHUTDOWN_GRACE: String(grace) });
    started.push(one);
    return one;
  }

  /** SIGTERM so many times. */
  async function ended(service: Started, times: 1 | 2, expected: { code: number; within: number }): Promise<void> {
    const begun = performance.now();
    service.child.kill('SIGTERM');
    await until('it stops', () => service.said().includes('stopping: finishing what is in hand'));
    if (times === 2) service.child.kill('SIGTERM');
    const { code } = await service.ended;
    expect(code).toBe(expected.code);
    expect(performance.now() - begun).toBeLessThan(expected.within * 1000);
  }

  const slow = () => ground.emulator.stats().faults['slow'] ?? 0;
  const held = async (): Promise<number> => {
    const waiting = `select count(*) as count from pg_locks where not granted and relation = 'sessions'::regclass`;
    return Number((await locker.query<{ count: string }>(waiting)).rows[0]?.count);
  };
  const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);
  const parked = async (stage: 'slices' | 'rows') => total(await depths(amqpUrl, '.wait', [stage]));

  it('parks a slice that ET is slow to tell, and ends in good order within its grace period', async () => {
    loader = start('loader', 10);
    start('transformer', 10);
    ground.emulator.faults.set([{ fault: 'slow', endpoint: 'sessions', ms: 3_600_000 }]);
    const extractor = start('extractor', 6);
    expect(await runCli(['backfill', ...ground.range], settings)).toMatchObject({ code: 0 });
    await until('ET is asked', () => slow() > 0, 30_000);
    await ended(extractor, 1, { code: 0, within: 6 });
    expect(await parked('slices')).toBeGreaterThan(0);
  });

  it('leaves it to the broker, and ends at once, when told a second time', async () => {
    const [before, waiting] = [slow(), await parked('slices')];
    const extractor = start('extractor', 60);
    await until('ET is asked again', () => slow() > before, 30_000);
    await ended(extractor, 2, { code: 1, within: 3 });
    expect(await parked('slices')).toBe(waiting);
  });

  it('parks rows whose table somebody keeps locked, and ends in good order within its grace period', async () => {
    await locker.query('begin');
    await locker.query('lock table sessions in access exclusive mode');
    ground.emulator.faults.clear();
    start('extractor', 10);
    await until('a merge waits for the table', async () => (await held()) > 0, 30_000);
    await ended(loader, 1, { code: 0, within: 10 });
    expect(await parked('rows')).toBeGreaterThan(0);
  });

  it('leaves those to the broker, and ends at once, when told a second time', async () => {
    // The server goes on waiting for those who have left.
    const before = await held();
    loader = start('loader', 60);
    await until('another merge waits', async () => (await held()) > before, 30_000);
    await ended(loader, 2, { code: 1, within: 3 });
  });

  it('has lost nothing, given up nothing, and used up no attempt', async () => {
    await locker.query('rollback');
    start('loader', 10);
    const done = () => ground.read((reader) => reader.value(`select state from etl_runs`));
    await until('the run is done', async () => (await done()) === 'done', 120_000, 100);
    expect(await verdict(ground, { faults: 4, readAgain: 0, wrong: [] })).toMatchObject({ wrong: [], deadLetters: 0 });
    expect(started.map((one) => one.said()).join('')).not.toContain('message failed and will be retried');
  });
});
