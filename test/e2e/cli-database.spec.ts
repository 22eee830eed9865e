import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { runCli, type Settings } from './processes.js';
import { expectTold, SECRET } from './told.js';

import.meta.jest.setTimeout(60_000);

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  emulator = await startEmulator({ seed: 22, sessions: 10, days: 1, lastDay: '2026-11-20' });
});
afterAll(async () => {
  await emulator.close();
});
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'etl-cli-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const cli = (command: string[], database: Settings) => runCli(command, { ...emulator.settings, ...database }, folder);

describe('a database that is wrongly configured ends with 2', () => {
  it.each([
    [
      'a login by Windows',
      { DATABASE_URL: 'mssql+pyodbc://@db/et?driver=ODBC+Driver+17+for+SQL+Server&Trusted_Connection=yes' },
      /DATABASE_URL asks for a login by Windows, .*; create one, and write mssql:\/\/user:password@host:1433\/database/,
    ],
    [
      'a schema where there are none',
      { DATABASE_URL: `mysql+pymysql://a:${SECRET}@db/x`, DATABASE_SCHEMA: 'dbo' },
      /DATABASE_SCHEMA is set, but the tables of MariaDB and MySQL are in no schema/,
    ],
    [
      'a certificate that is not there',
      { DATABASE_URL: `postgresql://a:${SECRET}@db/x?sslrootcert=${SECRET}.pem` },
      /DATABASE_URL names a file of certificates that cannot be read/,
    ],
  ])('%s', async (_, database, words) => {
    expectTold(await cli(['run'], database), 2, words);
  });
});

describe('a database that cannot be used ends with 1 and a hint', () => {
  it.each([
    [
      'one that is away',
      `postgresql://a:${SECRET}@127.0.0.1:9/x`,
      /127\.0\.0\.1:9\/x.*ECONNREFUSED 127\.0\.0\.1:9\n {2}is the database running/,
    ],
    [
      'SQL Server that is away',
      `mssql+pyodbc://a:${SECRET}@127.0.0.1:9/x?driver=ODBC+Driver+18+for+SQL+Server`,
      /127\.0\.0\.1:9\/x, schema dbo cannot be used: Failed to connect .*\n {2}is the database running/,
    ],
    [
      'MySQL that is away',
      `mysql+pymysql://a:${SECRET}@127.0.0.1:9/x?charset=utf8mb4`,
      /127\.0\.0\.1:9\/x cannot be used: .*ECONNREFUSED 127\.0\.0\.1:9\n {2}is the database running/,
    ],
    [
      'a socket that is not there',
      `mysql://a:${SECRET}@/x?unix_socket=/none/s`,
      /x at \/none\/s cannot be used: .*ENOENT \/none\/s\n {2}is the database running/,
    ],
    ['a file that cannot be', 'sqlite:////dev/null/x.sqlite', /\/dev\/null\/x\.sqlite cannot be used/],
    [
      'a file where no folder can be made',
      'sqlite:////proc/none/x.sqlite',
      /\/proc\/none\/x\.sqlite cannot be used: .*\n {2}check DATABASE_URL/,
    ],
    ['a folder', 'sqlite:////tmp', /\/tmp cannot be used: .*\n {2}DATABASE_URL has to name a file/],
    [
      'a file that is no database',
      'sqlite:///notes.txt',
      /notes\.txt cannot be used: .*\n {2}DATABASE_URL names a file that is no SQLite database/,
    ],
  ])('%s', async (_, DATABASE_URL, words) => {
    writeFileSync(path.join(folder, 'notes.txt'), SECRET.repeat(100));
    expectTold(await cli(['run'], { DATABASE_URL }), 1, words);
  });
});

describeWith('postgresql', 'a PostgreSQL database nobody has loaded into', () => {
  it('has nothing to show, no run to cancel, and gets no tables by being asked', async () => {
    const fresh = await freshDatabase('postgresql');
    const database = { DATABASE_URL: fresh.url, DATABASE_TLS: 'off' };
    for (const times of [1, 2]) {
      const ended = await cli(['status'], database);
      expect([times, ended.stdout]).toEqual([times, 'Nothing is loaded yet: et-etl run starts.\n']);
      expect(ended.code).toBe(0);
    }
    expectTold(await cli(['cancel', 'r'], database), 2, /there is no run r/);
    await fresh.drop();
  });
});
