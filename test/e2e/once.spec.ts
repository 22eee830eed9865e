import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { runCli, startApp, type Ended, type Settings, type Started } from './processes.js';
import { expectTold, SECRET } from './told.js';

const DAYS = 4;
const dayAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

describeWith(['rabbitmq', 'postgresql'], 'an extractor that a CronJob starts', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let vhost: FreshVhost;
  let settings: Settings;
  let others: Started[];

  const extractor = (args: string[], more: Settings = {}): Promise<Ended> =>
    startApp('extractor', args, { ...settings, ...more }).ended;
  const runs = async (): Promise<{ kind: string; state: string }[]> => {
    const { stdout } = await runCli(['status', '--json'], settings);
    return (JSON.parse(stdout) as { runs: { kind: string; state: string }[] }).runs;
  };

  beforeAll(async () => {
    emulator = await startEmulator({ sessions: 200, days: DAYS, lastDay: dayAgo(1), unprocessedShare: 0 });
    [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    settings = {
      ...emulator.settings,
      START_DATE: dayAgo(DAYS),
      DATABASE_URL: database.url,
      AMQP_URL: vhost.url,
      SHUTDOWN_GRACE: '10',
    };
    others = [startApp('loader', [], settings), startApp('transformer', [], settings)];
  }, 60_000);

  afterAll(async () => {
    await Promise.all(others.map((app) => app.stop()));
    await emulator.close();
    await Promise.all([database.drop(), vhost.drop()]);
  }, 60_000);

  it('opens the run and ends; another one joins it, reads everything and ends with 0', async () => {
    expect(await extractor(['--once'])).toMatchObject({ code: 0 });
    expect(await runs()).toMatchObject([{ kind: 'sync', state: 'open' }]);
    const ended = await extractor(['--once', '--wait']);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout + ended.stderr).toContain('"verdict":"verified"');
    expect(await runs()).toMatchObject([{ kind: 'sync', state: 'done' }]);
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  }, 180_000);

  it('ends with 3 where something could not be had', async () => {
    const sessionId = emulator.tenant.ids(dayAgo(1))[0] as string;
    emulator.faults.set([{ fault: 'status', status: 403, endpoint: 'summary', sessionId }]);
    const ended = await extractor(['--once', '--wait']);
    emulator.faults.clear();
    expect(ended).toMatchObject({ code: 3 });
    expect(ended.stdout + ended.stderr).toContain('"verdict":"incomplete"');
  }, 180_000);

  it('ends with 1 and a hint where ET refuses the login', async () => {
    expectTold(await extractor(['--once', '--wait'], { ET_PASSWORD: SECRET }), 1, /ET_PASSWORD/);
  }, 60_000);

  it('ends with 130 where it is told to stop, and leaves the run to the next', async () => {
    emulator.pace.latencyMs = 300;
    emulator.resetStats();
    const waiting = startApp('extractor', ['--once', '--wait'], settings);
    await until('it reads', () => (emulator.stats().byEndpoint.sessions ?? 0) > 0);
    expect(await waiting.stop()).toMatchObject({ code: 130 });
    emulator.pace.latencyMs = 0;
    expect((await runs()).filter(({ state }) => state === 'open')).toHaveLength(1);
  }, 60_000);

  it('refuses arguments that make no sense', async () => {
    const ended = await extractor(['--wait']);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('--wait needs --once');
  });
});
