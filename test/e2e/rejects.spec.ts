import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { zstdCompressSync } from 'node:zlib';

import Sqlite from 'better-sqlite3';
import pg from 'pg';

import type { RejectSummary, RunReport } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { freshVhost } from '../support/vhosts.js';
import { reading } from '../support/warehouse-readers.js';
import { flaws } from './comparison.js';
import { runCli, startServices, type Settings } from './processes.js';

import.meta.jest.setTimeout(120_000);

const [from, lastDay] = ['2026-11-18', '2026-11-20'];
const settingsOf = ({ settings }: Emulator): Settings => ({ ...settings, LOG_LEVEL: 'error' });

describeWith(['rabbitmq', 'postgresql'], 'rejects of running services', () => {
  it('of records that the database refused are loaded once they are replayed', async () => {
    const emulator = await startEmulator({ seed: 34, sessions: 60, days: 3, lastDay });
    const [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
    const broker = { AMQP_URL: vhost.url, SHUTDOWN_GRACE: '6', SYNC_CRON: 'off' };
    const settings = { ...settingsOf(emulator), DATABASE_URL: database.url, ...broker };
    const services = startServices(1, settings);
    const cli = (...args: string[]) => runCli(args, settings);
    const load = ['backfill', '--from', from, '--to', lastDay, '--force', '--wait'];
    const client = new pg.Client({ connectionString: database.url });
    try {
      await client.connect();
      expect((await cli(...load)).code).toBe(0);
      const found = await client.query<{ id: string }>('select id::text from "sessions" order by 1 limit 1');
      const victim = found.rows[0]?.id ?? '';
      await client.query(`delete from "etl_versions" where key = '${victim}'`);
      await client.query(`delete from "sessions" where id::text = '${victim}'`);
      await client.query(`alter table "sessions" add constraint refused check (id::text <> '${victim}')`);
      expect((await cli(...load)).code).toBe(3);
      const listed = await cli('rejects', 'ls', '--since', '1h', '--json');
      const { rejects } = JSON.parse(listed.stdout) as { rejects: RejectSummary[] };
      expect(rejects).toMatchObject([{ key: victim, entity: 'session', hasRaw: true }]);
      const [{ id } = { id: '' }] = rejects;

      expect((await cli('rejects', 'show', id.slice(0, 6))).stdout).not.toContain('documents');
      expect((await cli('rejects', 'show', id.slice(0, 6).toUpperCase(), '--body')).stdout).toContain('"documents"');
      const again = await cli('rejects', 'replay', id.slice(0, 6));
      expect(again.stdout).toMatch(new RegExp(`^${id} is rejected again: `, 'm'));
      expect(again.code).toBe(3);

      await client.query('alter table "sessions" drop constraint refused');
      const replayed = await cli('rejects', 'replay', '--all');
      expect(replayed.stdout).toMatch(/^1 record loaded\.$/m);
      expect(replayed.code).toBe(0);
      expect((await cli('rejects', 'ls')).stdout).toBe('No record is set aside.\n');
      const { runs } = JSON.parse((await cli('status', '--json')).stdout) as { runs: RunReport[] };
      expect(runs[0]).toMatchObject({ state: 'done', rejected: 0, slices: { unverified: 0 } });
      expect(await flaws(database, emulator.tenant)).toEqual([]);
    } finally {
      await client.end();
      await services.stop();
      await emulator.close();
      await Promise.all([database.drop(), vhost.drop()]);
    }
  });
});

describe('rejects of one process', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'etl-rejects-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = () => path.join(folder, 'data/ender-turing.sqlite');
  const range = ['run', '--start-dt', from, '--stop-dt', lastDay];

  it('records that no column takes are replayed once they can be, and told how to be had where they cannot', async () => {
    const emulator = await startEmulator({ seed: 33, sessions: 60, days: 3, lastDay, unmappable: 3 });
    const cli = (...args: string[]) => runCli(args, settingsOf(emulator), folder);
    try {
      expect((await cli(...range)).code).toBe(3);
      const list = async () =>
        (JSON.parse((await cli('rejects', 'ls', '--json')).stdout) as { rejects: RejectSummary[] }).rejects;
      const [first, second, third] = (await list()) as [RejectSummary, RejectSummary, RejectSummary];
      const again = await cli('rejects', 'replay', '--all');
      expect(again.stdout).toMatch(/^0 records loaded\.\n([\da-f]{12} is rejected again: .*\n){3}$/);
      expect(again.code).toBe(3);

      // As if the transformer had learnt to read the first; the second was cut, the third deleted in ET.
      const database = new Sqlite(file());
      const raw = { id: first.key, version: 1, session: { id: first.key }, documents: {}, unknown: [] };
      const set = database.prepare('update etl_rejects set raw = ? where key = ?');
      set.run(zstdCompressSync(JSON.stringify(raw)), first.key);
      set.run(zstdCompressSync('{"id":"cut'), second.key);
      set.run(null, third.key);
      database.close();
      const some = await cli('rejects', 'replay', first.id, second.id.slice(0, 10), third.id);
      expect(some.stdout).toMatch(/^1 record loaded\.$/m);
      const day = second.day;
      expect(some.stdout).toContain(
        `${second.id} cannot be replayed: its raw form was cut at 256 KiB. ` +
          `To have it read again: et-etl backfill --from ${day} --to ${day} --force`,
      );
      expect(some.stdout).toContain(`${third.id} cannot be replayed: its raw form is no longer kept`);
      expect(some.code).toBe(3);
      expect((await list()).map(({ id }) => id).sort()).toEqual([second.id, third.id].sort());
      const rejected = await reading(file(), (reader) => reader.value(`select sum(rejected) from etl_coverage`));
      expect(rejected).toBe(2n);
    } finally {
      await emulator.close();
    }
  });
});
