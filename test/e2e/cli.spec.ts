import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { statusReport } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { until } from '../support/until.js';
import { runCli, startApp, type Settings } from './processes.js';
import { expectTold, SECRET } from './told.js';

const lastDay = '2026-11-20';

let emulator: Emulator;
let folder: string;
let settings: Settings;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 21, sessions: 300, days: 6, lastDay });
});
afterAll(async () => {
  await emulator.close();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'etl-cli-'));
  settings = emulator.settings;
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const cli = (args: string[], more: Settings = {}) => runCli(args, { ...settings, ...more }, folder);

describe('usage and configuration end with 2', () => {
  it.each([
    [['run', '--start-dt', '2026-02-31'], /'2026-02-31' is invalid. There is no such day/],
    [['run', '--start-dt', 'tomorrow'], /Write a day as YYYY-MM-DD/],
    [['run', '--start-dt', '2999-01-01'], /in the future/],
    [['frobnicate'], /unknown command 'frobnicate'/],
    [['cancel', 'no-such-run'], /there is no run no-such-run/],
  ])('%j', async (args, words) => {
    expectTold(await cli(args), 2, words);
  });

  it.each(['run', 'start'])('%s where services load already', async (command) => {
    const ended = await cli([command], { AMQP_URL: `amqp://a:${SECRET}@127.0.0.1:9` });
    expectTold(ended, 2, /AMQP_URL is set, so the services load: use et-etl sync or et-etl backfill/);
  });

  it('tells everything that is wrong at once', async () => {
    const ended = await cli(['run'], {
      ET_URL: SECRET,
      ET_PASSWORD: '',
      ET_CONCURRENCY: SECRET,
      START_DATE: '2026-02-31',
    });
    expectTold(ended, 2, /4 problems:\n {2}ET_URL .*\n {2}ET_PASSWORD .*\n {2}ET_CONCURRENCY .*\n {2}START_DATE /);
  });

  it('tells the lines of .env that are none', async () => {
    writeFileSync(path.join(folder, '.env'), `ET_USER=ann\n${SECRET}\nET_TOKEN="${SECRET}\n`);
    expectTold(await cli(['run']), 2, /\.env line 2 is no assignment.*\n.*\.env line 3 sets ET_TOKEN/);
  });

  it.each(['extractor', 'transformer', 'loader'] as const)('a service without a broker: the %s', async (app) => {
    expectTold(await startApp(app, [], settings, folder).ended, 2, /AMQP_URL is missing/);
  });
});

describe('what is not there ends with 1 and a hint', () => {
  const nobody = '127.0.0.1:9';

  it.each([
    ['a wrong password', { ET_PASSWORD: SECRET }, /login.* 401\n {2}check ET_USER and ET_PASSWORD/],
    ['a wrong token', { ET_TOKEN: SECRET, ET_AUTH_BY_TOKEN: 'true' }, /401\n {2}check ET_USER/],
    ['an unknown host', { ET_URL: 'https://nowhere.invalid' }, /ET at https:\/\/nowhere\.invalid .*\n {2}check ET_URL/],
    ['nobody at that port', { ET_URL: `http://${nobody}` }, /ECONNREFUSED.*\n {2}check ET_URL/],
  ])('%s', async (_, more, words) => {
    expectTold(await cli(['run'], more), 1, words);
  });

  it('no TLS where https is said', async () => {
    expectTold(await cli(['run'], { ET_URL: emulator.url.replace('http', 'https') }), 1, /speaks no TLS/);
  });

  it('a broker that is away', async () => {
    const ended = await cli(['backfill', '--from', lastDay, '--to', lastDay], {
      AMQP_URL: `amqp://a:${SECRET}@${nobody}`,
    });
    expectTold(ended, 1, /RabbitMQ at 127\.0\.0\.1:9 cannot be reached.*\n {2}check AMQP_URL/);
  });

  it('something at its port that says nothing', async () => {
    const silent = await listening();
    const { port } = silent.address() as AddressInfo;
    expectTold(
      await cli(['status'], { AMQP_URL: `amqp://a:${SECRET}@127.0.0.1:${port}` }),
      1,
      /does not answer as a broker/,
    );
    silent.close();
  }, 20_000);
});

describe('a run in one process', () => {
  const range = ['run', '--start-dt', '2026-11-15', '--stop-dt', lastDay];
  const status = async () => statusReport.parse(JSON.parse((await cli(['status', '--json'])).stdout));

  it('in test mode loads so many sessions and ends with 0', async () => {
    const ended = await cli(['run', '--test-mode', '--test-mode-limit-sessions', '7', '--start-dt', '2026-11-15']);
    expect(ended.stdout).toMatch(/^sessions +7 /m);
    expect(ended.code).toBe(0);
  });

  it('with a filter, percent-encoded or not, ends with 0 without proving days', async () => {
    for (const filters of ['is_scored,manual', 'is_scored%2Cmanual']) {
      const ended = await cli(['run', '--start-dt', lastDay, '--filters', filters]);
      expect(ended.code).toBe(0);
      expect(ended.stdout).toMatch(/7 of \d+ days and dictionaries verified, \d+ complete without a proof/);
    }
  });

  it('stops when asked, says so, and is gone on with by the next', async () => {
    emulator.pace.latencyMs = 40;
    emulator.resetStats();
    const begun = startApp('cli', range, settings, folder);
    await until('it reads', () => emulator.stats().requests > 100);
    const during = await status();
    expect(during.runs.map(({ state }) => state)).toEqual(['open']);
    begun.child.kill('SIGINT');
    const stopped = await begun.ended;
    expectTold(stopped, 130, /the next run goes on from here/);

    emulator.pace.latencyMs = 0;
    const next = await cli(range);
    expect(next.stderr).toMatch(/was not finished: it goes on too/);
    expect(next.stdout).toMatch(/^sessions +300 /m);
    expect(next.code).toBe(0);
    const { runs, lastVerifiedDay } = await status();
    expect(runs).toMatchObject([{ runId: during.runs[0]?.runId, state: 'done' }]);
    expect(lastVerifiedDay).toBe(lastDay);
  }, 60_000);

  it('is cancelled from beside, and ends with 1', async () => {
    emulator.pace.latencyMs = 100;
    emulator.resetStats();
    const begun = startApp('cli', range, settings, folder);
    await until('it reads', () => emulator.stats().requests > 60);
    const [run] = (await status()).runs;
    expect((await cli(['cancel', run?.runId ?? ''])).code).toBe(0);
    const ended = await begun.ended;
    emulator.pace.latencyMs = 0;
    expect(ended.stdout).toMatch(/^Cancelled in/m);
    expect(ended.code).toBe(1);
  }, 60_000);

  it('refuses a second loader on the same file', async () => {
    emulator.pace.latencyMs = 40;
    emulator.resetStats();
    const begun = startApp('cli', range, settings, folder);
    await until('it reads', () => emulator.stats().requests > 50);
    expectTold(await cli(range), 1, /another process loads into/);
    emulator.pace.latencyMs = 0;
    expect((await begun.ended).code).toBe(0);
  }, 60_000);

  it('has nothing to show before the first one, and makes no file to look into', async () => {
    const ended = await cli(['status']);
    expect(ended).toMatchObject({ code: 0, stdout: 'Nothing is loaded yet: et-etl run starts.\n' });
    expect(existsSync(path.join(folder, 'data'))).toBe(false);
  });
});

it('without any settings loads the demo tenant and tells what to do next', async () => {
  const ended = await runCli(['start'], {}, folder);
  expect(ended.stderr).toMatch(/this is a demo tenant/);
  expect(ended.stdout).toMatch(/^sessions +3,000 /m);
  expect(ended.stdout).toContain(path.join(folder, 'data/demo.sqlite'));
  expect(ended.stdout).toMatch(/^What to do next:/m);
  expect(ended.code).toBe(0);
}, 120_000);

function listening(): Promise<Server> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.on('error', () => undefined));
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
