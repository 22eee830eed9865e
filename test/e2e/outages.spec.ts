import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { Cut } from '../support/cut.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost } from '../support/vhosts.js';
import { runCli, startApp, startServices, type Settings } from './processes.js';

const lastDay = '2026-11-20';
const range = ['run', '--start-dt', '2026-11-15', '--stop-dt', lastDay];

let emulator: Emulator;
let folder: string;
let settings: Settings;

beforeEach(async () => {
  emulator = await startEmulator({ seed: 21, sessions: 300, days: 6, lastDay });
  folder = mkdtempSync(path.join(tmpdir(), 'etl-outage-'));
  settings = emulator.settings;
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

describe('a run in one process', () => {
  it('fails what the account may not read by name, loads the rest and ends with 1', async () => {
    emulator.faults.set([{ fault: 'status', status: 403, endpoint: ['users', 'tags', 'categories'] }]);
    const ended = await runCli(['sync'], { ...settings, START_DATE: '2026-11-15' }, folder);
    expect(ended.stdout).toMatch(/^sessions +300 /m);
    for (const path of ['users', 'tags', 'categories']) {
      expect(ended.stdout).toMatch(
        new RegExp(`^  ${path}  failed: .* GET /${path} answered 403 \\(the account's role`, 'm'),
      );
    }
    expect(ended.code).toBe(1);
  });

  it('waits while ET is away, says so, and goes on once it is back', async () => {
    emulator.faults.set([{ fault: 'status', status: 503, after: 60 }]);
    const begun = startApp('cli', range, settings, folder);
    await until(
      'it says so',
      () => /^Waiting, and trying again: GET \/\S+ answered 503 \(ET has trouble/m.test(begun.said()),
      60_000,
    );
    emulator.faults.clear();
    const ended = await begun.ended;
    expect(ended.stdout).toMatch(/^sessions +300 /m);
    expect(ended.code).toBe(0);
  }, 90_000);

  it('that is killed is gone on with by the next', async () => {
    emulator.pace.latencyMs = 40;
    const begun = startApp('cli', range, settings, folder);
    await until('it reads', () => emulator.stats().requests > 100);
    begun.child.kill('SIGKILL');
    expect((await begun.ended).code).toBeNull();
    emulator.pace.latencyMs = 0;
    const next = await runCli(range, settings, folder);
    expect(next.stderr).toMatch(/was not finished: it goes on too/);
    expect(next.stdout).toMatch(/^sessions +300 /m);
    expect(next.code).toBe(0);
  }, 60_000);
});

describeWith('postgresql', 'a run in one process into PostgreSQL', () => {
  it('waits while the database is away, and goes on once it is back', async () => {
    const database = await freshDatabase('postgresql');
    const way = new Cut(new URL(database.url));
    await way.mend();
    const begun = startApp('cli', range, { ...settings, DATABASE_URL: way.url, DATABASE_TLS: 'off' }, folder);
    emulator.pace.latencyMs = 40;
    await until('it reads', () => emulator.stats().requests > 100);
    await way.cut();
    await until(
      'it says so',
      () => begun.said().includes('How far it is cannot be told for now: the loader could not answer run'),
      60_000,
    );
    await way.mend();
    const ended = await begun.ended;
    expect(ended.stdout).toMatch(/^sessions +300 /m);
    expect(ended.code).toBe(0);
    await way.cut();
    await database.drop();
  }, 90_000);
});

describeWith(['rabbitmq', 'postgresql'], 'a run of running services', () => {
  it('tells who waits while ET refuses the password', async () => {
    const [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    const all = { ...settings, DATABASE_URL: database.url, AMQP_URL: vhost.url, SYNC_CRON: 'off', SHUTDOWN_GRACE: '6' };
    emulator.faults.set([{ fault: 'status', status: 401, endpoint: 'login' }]);
    const services = startServices(1, all);
    const begun = startApp('cli', ['backfill', '--from', '2026-11-15', '--to', lastDay, '--wait'], all);
    const waiting = 'The extractor takes nothing of slices, pages for now: its log and /readyz tell what it waits for.';
    await until('it says so', () => begun.said().includes(waiting), 90_000);
    expect((await runCli(['status'], all)).stdout).toContain(`\n${waiting}\n`);
    begun.child.kill('SIGINT');
    expect(await begun.ended).toMatchObject({
      code: 130,
      stderr: expect.stringContaining('The run goes on') as string,
    });
    await services.stop();
    await Promise.all([database.drop(), vhost.drop()]);
  }, 120_000);
});
