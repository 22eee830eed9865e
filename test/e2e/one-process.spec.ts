import { tables } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { reading } from '../support/warehouse-readers.js';
import { flaws } from './comparison.js';
import { runCli, type Ended, type Settings } from './processes.js';

const days = 30;
const lastDay = '2026-11-20';
const range = ['run', '--start-dt', '2026-10-22', '--stop-dt', lastDay];

describe('everything in one process, 20,000 sessions over 30 days into SQLite', () => {
  let emulator: Emulator;
  let database: FreshDatabase;
  let settings: Settings;
  let first: Ended;

  beforeAll(async () => {
    emulator = await startEmulator({ seed: 7, sessions: 20_000, days, lastDay });
    database = await freshDatabase('sqlite');
    settings = {
      ...emulator.settings,
      DATABASE_URL: database.url,
    };
    first = await runCli(range, settings);
  }, 600_000);

  afterAll(async () => {
    await emulator.close();
    await database.drop();
  });

  it('ends with 0, every day verified', () => {
    expect(first.code).toBe(0);
  });

  it('holds what the emulator knows, row by row and column by column', async () => {
    expect(await flaws(database, emulator.tenant)).toEqual([]);
  }, 120_000);

  it('changes no row when run again', async () => {
    const marks = (): Promise<unknown[]> =>
      reading(database, (reader) =>
        Promise.all(
          tables.map(({ name }) =>
            reader.value(
              `select json_array(count(*), min("_etl_run_id"), max("_etl_run_id"), min("_etl_synced_at"), max("_etl_synced_at")) from "${name}"`,
            ),
          ),
        ),
      );
    const before = await marks();
    expect((await runCli(range, settings)).code).toBe(0);
    expect(await marks()).toEqual(before);
  }, 600_000);
});

describe('one process against a difficult ET', () => {
  it('loads all but what cannot be mapped, sets that aside and ends with 3', async () => {
    const emulator = await startEmulator({
      seed: 11,
      sessions: 300,
      days: 3,
      lastDay,
      unmappable: 4,
      unmappableTags: 1,
    });
    const database = await freshDatabase('sqlite');
    try {
      const ended = await runCli(['run', '--start-dt', '2026-11-18', '--stop-dt', lastDay], {
        ET_URL: emulator.url,
        ET_TOKEN: emulator.token,
        ET_AUTH_BY_TOKEN: 'true',
        ET_TIMEZONE: 'UTC',
        DATABASE_URL: database.url,
      });
      expect(ended.code).toBe(3);
      expect(await flaws(database, emulator.tenant)).toEqual([]);
      const count = await reading(database, (reader) => reader.value('select count(*) from etl_rejects'));
      expect(Number(count)).toBe(5);
    } finally {
      await emulator.close();
      await database.drop();
    }
  }, 120_000);

  it('gets everything through bursts of every fault', async () => {
    const emulator = await startEmulator({
      seed: 12,
      sessions: 400,
      days: 3,
      lastDay,
      faults: [
        { fault: 'status', status: 401, probability: 0.01 },
        { fault: 'status', status: 429, retryAfter: 1, probability: 0.01 },
        { fault: 'status', status: 429, retryAfter: 1, retryAfterAs: 'date', probability: 0.01 },
        { fault: 'status', status: 500, probability: 0.01 },
        { fault: 'status', status: 503, probability: 0.01 },
        { fault: 'reset', probability: 0.01 },
        { fault: 'truncated', probability: 0.01 },
        { fault: 'html', probability: 0.01 },
        { fault: 'slow', ms: 200, probability: 0.01 },
      ],
    });
    const database = await freshDatabase('sqlite');
    try {
      const ended = await runCli(['run', '--start-dt', '2026-11-18', '--stop-dt', lastDay], {
        ...emulator.settings,
        DATABASE_URL: database.url,
      });
      expect(await flaws(database, emulator.tenant)).toEqual([]);
      expect(ended.code).toBe(0);
    } finally {
      await emulator.close();
      await database.drop();
    }
  }, 300_000);
});
