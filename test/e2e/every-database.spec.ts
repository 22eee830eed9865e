import { details, tables } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { truthByTable, type TruthRow } from '../emulator/truth.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { readerOf, type WarehouseReader } from '../support/warehouse-readers.js';
import { differences } from './comparison.js';
import { runCli, type Ended, type Settings } from './processes.js';

const lastDay = '2026-11-20';
const range = ['run', '--start-dt', '2026-11-16', '--stop-dt', lastDay];

function loadsEverything(dialect: 'mariadb' | 'mssql'): void {
  let emulator: Emulator;
  let truth: Map<string, TruthRow[]>;
  let database: FreshDatabase;
  let reader: WarehouseReader;
  let settings: Settings;
  let first: Ended;

  /** Which runs wrote a table's rows, and when. */
  const marks = async (): Promise<Record<string, unknown>> => {
    const all: Record<string, unknown> = {};
    for (const { name } of tables) {
      all[name] = await reader.value(
        `select concat(count(*), ' ', min("_etl_run_id"), ' ', max("_etl_run_id"), ' ', min("_etl_synced_at"), ' ', max("_etl_synced_at")) from "${name}"`,
      );
    }
    return all;
  };

  beforeAll(async () => {
    emulator = await startEmulator({ seed: 41, sessions: 2_000, days: 5, lastDay });
    truth = truthByTable(emulator.tenant, { details });
    database = await freshDatabase(dialect);
    settings = {
      ...emulator.settings,
      ET_DETAILS: details.join(','),
      DATABASE_URL: database.url,
    };
    first = await runCli(range, settings);
    reader = await readerOf(database);
  }, 600_000);

  afterAll(async () => {
    await reader.close();
    await emulator.close();
    await database.drop();
  });

  it('ends with 0, every day verified', () => {
    expect(first).toMatchObject({ code: 0 });
  });

  it('holds what the emulator knows, row by row and column by column', async () => {
    expect([...truth.values()].filter((rows) => rows.length === 0)).toEqual([]);
    expect(await differences(reader, truth)).toEqual([]);
  }, 120_000);

  it('writes no row again when everything is read again', async () => {
    const before = await marks();
    emulator.resetStats();
    expect(await runCli(range, settings)).toMatchObject({ code: 0 });
    expect(emulator.stats().requests).toBeGreaterThan(2_000);
    expect(await marks()).toEqual(before);
  }, 600_000);
}

describeWith('mariadb', 'everything in one process, every detail, into MariaDB', () => loadsEverything('mariadb'));
describeWith('mssql', 'everything in one process, every detail, into SQL Server', () => loadsEverything('mssql'));
