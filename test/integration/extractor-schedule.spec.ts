import { MemoryBackend, type Publisher } from '#messaging';
import { createLogger } from '#observability';

import { EtClient } from '../../apps/extractor/src/et/client.js';
import { addDays, dayAt } from '../../apps/extractor/src/planning/days.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { Schedule } from '../../apps/extractor/src/schedule.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { Ledger } from './ledger-harness.js';
import { settingsFor } from './extractor-harness.js';
import { serve, type Running } from './messaging-harness.js';

const HOUR = 3_600_000;
const ZONE = 'Europe/Kyiv';
const logger = createLogger('extractor', 'silent');

/** Any number of extractors that share nothing but the ledger. */
describe('extractors with one schedule', () => {
  const ledger = Ledger.forEachTest('sqlite');
  let emulator: Emulator;
  let client: EtClient;
  let backend: MemoryBackend;
  let loader: Running;

  beforeEach(async () => {
    emulator = await startEmulator({ sessions: 10, days: 1 });
    client = new EtClient(settingsFor(emulator).et);
    backend = new MemoryBackend();
    loader = await serve(backend, { questions: (question) => ledger.loader.ask(question) });
  });
  afterEach(async () => {
    await loader.stop();
    await backend.close();
    client.close();
    await emulator.close();
  });

  const extractor = (syncCron: string | null): Schedule => {
    const settings = { ...settingsFor(emulator), timezone: ZONE, syncCron };
    const publisher: Publisher = loader.publisher;
    return new Schedule(new RunOpener(client, publisher, settings, logger, false), publisher, settings, logger);
  };
  const ticks = async (): Promise<string[]> => {
    const rows = await ledger.loader.database.transaction((tx) =>
      tx.query<{ tick: string }>(`select tick from etl_runs where kind = 'scheduled' order by tick`),
    );
    return rows.map(({ tick }) => tick);
  };

  test('make one run of a tick, ten of them at once', async () => {
    const ten = Array.from({ length: 10 }, () => extractor('5 0 * * *'));
    const now = new Date();
    await Promise.all(ten.map((one) => one.look(now)));
    expect(await ticks()).toHaveLength(1);
    await Promise.all(ten.map((one) => one.look(new Date(now.getTime() + 1000))));
    expect(await ticks()).toHaveLength(1);
  });

  test('make none where the schedule is off', async () => {
    await extractor(null).look();
    expect(await ticks()).toEqual([]);
  });

  test.each([
    ['spring', '2026-03-27', '30 3 * * *'],
    ['autumn', '2026-10-23', '30 3 * * *'],
  ])(
    'make one run a day, restarted every hour, over the change of clocks in %s',
    async (_season, first, cron) => {
      const begin = Date.parse(`${first}T21:00:00Z`);
      for (let hour = 0; hour < 4 * 24; hour += 1) {
        const now = new Date(begin + hour * HOUR);
        // Nothing but the ledger outlives a restart; for half a day nobody is there at all.
        if (hour >= 30 && hour < 42) continue;
        const replicas = [extractor(cron), extractor(cron)];
        await Promise.all(replicas.map((one) => one.look(now)));
      }
      const days = (await ticks()).map((tick) => dayAt(new Date(tick), ZONE));
      expect(days).toEqual([0, 1, 2, 3, 4].map((later) => addDays(first, later)));
    },
    120_000,
  );
});
