import type { Detail } from '#contracts';
import { Publisher } from '#messaging';

import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';
import { disorderedProcess, disorderedServices, type Disordered } from './disordered.js';

const details: Detail[] = ['scores', 'summary', 'comments', 'transcripts', 'detail'];

describe.each([1, 2])('every message twice and shuffled (seed %i)', (seed) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ seed, sessions: 240, days: 4, lastDay: '2026-11-20' });
  });
  afterAll(() => emulator.close());

  it('makes no difference in one process', async () => {
    const database = await freshDatabase('sqlite');
    await leavesTheTruth(await disorderedProcess(told(database)), database);
    await database.drop();
  }, 120_000);

  describeWith(['rabbitmq', 'postgresql'], 'with a broker between', () => {
    it('makes no difference to three services', async () => {
      const [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
      await leavesTheTruth(await disorderedServices(told(database), vhost.url), database);
      await Promise.all([database.drop(), vhost.drop()]);
    }, 120_000);
  });

  /** Has them read all days, stops them, and compares. */
  async function leavesTheTruth(services: Disordered, database: FreshDatabase): Promise<void> {
    try {
      const [first] = services.apps;
      if (!first) throw new Error('nothing was started');
      const request = { kind: 'range', from: '2026-11-17', to: '2026-11-20' } as const;
      const { runId } = await first.get(RunOpener, { strict: false }).openRun(request);
      const run = await ended(first.get(Publisher, { strict: false }), runId);
      expect(run).toMatchObject({ state: 'done', unknown: 0, rejected: 0, problems: [] });
    } finally {
      await services.close();
    }
    expect(await flaws(database, emulator.tenant, details)).toEqual([]);
  }

  function told({ settings: database }: FreshDatabase) {
    const login = { kind: 'token', token: emulator.token } as const;
    const et = { url: emulator.url, login, tlsVerify: true, concurrency: 32, details };
    const extractor = { et, syncCron: '5 0 * * *', timezone: 'UTC', rereadDays: 2 };
    return { extractor, loader: loaderSettingsOf(database), seed };
  }
});

async function ended(publisher: Publisher, runId: string) {
  const asked = async () => (await publisher.ask({ type: 'run', runId })).run;
  await until('the run is closed', async () => (await asked())?.state !== 'open', 110_000, 100);
  return asked();
}
