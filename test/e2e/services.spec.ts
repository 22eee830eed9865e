import { tables } from '#contracts';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { reading } from '../support/warehouse-readers.js';
import { flaws } from './comparison.js';
import { runCli, startServices, type Settings } from './processes.js';

const lastDay = '2026-11-20';

describeWith(['rabbitmq', 'postgresql'], 'three services over RabbitMQ into PostgreSQL', () => {
  describe.each([
    { replicas: 1, sessions: 20_000, days: 30, from: '2026-10-22' },
    { replicas: 2, sessions: 2_000, days: 10, from: '2026-11-11' },
  ])('$replicas of each, $sessions sessions', ({ replicas, sessions, days, from }) => {
    let emulator: Emulator;
    let database: FreshDatabase;
    let vhost: FreshVhost;
    let settings: Settings;
    let services: ReturnType<typeof startServices>;
    const backfill = ['backfill', '--from', from, '--to', lastDay, '--wait'];

    beforeAll(async () => {
      emulator = await startEmulator({ seed: 7 + replicas, sessions, days, lastDay });
      [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
      settings = {
        ...emulator.settings,
        // Never due within the test: only the backfill is to run.
        SYNC_CRON: '0 0 29 2 *',
        DATABASE_URL: database.url,
        AMQP_URL: vhost.url,
        SHUTDOWN_GRACE: '10',
      };
      services = startServices(replicas, settings);
    }, 60_000);

    afterAll(async () => {
      const ended = await services.stop();
      await emulator.close();
      await Promise.all([database.drop(), vhost.drop()]);
      expect(ended.map(({ code }) => code)).toEqual(ended.map(() => 0));
    }, 60_000);

    it('loads what the emulator knows, row by row and column by column', async () => {
      const ended = await runCli(backfill, settings);
      expect(ended).toMatchObject({ code: 0 });
      expect(await flaws(database, emulator.tenant)).toEqual([]);
    }, 600_000);

    it('changes no row when everything is read again', async () => {
      const marks = (): Promise<unknown[]> =>
        reading(database, async (reader) => {
          const all: unknown[] = [];
          for (const { name } of tables) {
            all.push(
              await reader.value(
                `select concat_ws(' ', count(*), min("_etl_run_id"), max("_etl_run_id"), max("_etl_synced_at"), sum(xmin::text::bigint)) from "${name}"`,
              ),
            );
          }
          return all;
        });
      const before = await marks();
      const ended = await runCli([...backfill, '--force'], settings);
      expect(ended).toMatchObject({ code: 0 });
      expect(await marks()).toEqual(before);
    }, 600_000);
  });
});
