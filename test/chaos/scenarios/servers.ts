import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '../../emulator/generate/random.js';
import { findPostgres, startPostgres, type OwnPostgres } from '../../support/servers/postgres.js';
import { until } from '../../support/until.js';
import type { Scenario } from '../scenario.js';
import type { Services } from '../ways.js';
import { backfilling } from './backfilling.js';
import { overOwnBroker } from './broker.js';

export interface Size {
  readonly sessions: number;
  readonly times: number;
}

const PEACE_MS = 4_000;
const AWAY_MS = 2_000;
const FROZEN_MS = 30_000;

/** kill -9 of a process of PostgreSQL: it ends all others, and comes back from its log. */
export const crashDatabase = ({ sessions, times }: Size): Scenario => ({
  name: 'crash-database',
  needs: ['rabbitmq'],
  run: (luck) =>
    overOwnDatabase({ sessions }, luck, times, async (database, running) => {
      const victim = luck.pick(database.processes());
      process.kill(victim, 'SIGKILL');
      // Before that is seen, it answers as if nothing had happened.
      await until('it has seen that', () => !database.processes().includes(victim));
      await running.recovered();
    }),
});

/** kill -9 of all processes of a database at once: it comes back from its log when it is started again. */
export const killDatabase = ({ sessions, times }: Size): Scenario => ({
  name: 'kill-database',
  needs: ['rabbitmq'],
  run: (luck) =>
    overOwnDatabase({ sessions }, luck, times, async (database) => {
      await database.signal('SIGKILL');
      await pause(luck.below(AWAY_MS));
      await database.begin();
    }),
});

/** SIGSTOP of all processes of a database for 30 seconds: connections stay open, and nothing comes back over them. */
export const freezeDatabase = ({ sessions, times }: Size): Scenario => ({
  name: 'freeze-database',
  needs: ['rabbitmq'],
  run: (luck) =>
    overOwnDatabase({ sessions }, luck, times, async (database) => {
      await database.signal('SIGSTOP');
      await pause(FROZEN_MS);
      await database.signal('SIGCONT');
    }),
});

/** The same of the broker. */
export const freezeBroker = ({ sessions, times }: Size): Scenario => ({
  name: 'freeze-broker',
  needs: ['postgresql'],
  run: (luck) =>
    overOwnBroker({ sessions }, luck, async (broker, running) => {
      for (let time = 0; time < times; time += 1) {
        await atWork(running, luck);
        broker.signal('SIGSTOP');
        await pause(FROZEN_MS);
        broker.signal('SIGCONT');
      }
      return times;
    }),
});

/** A backfill into a database that is only its own, and that something befalls again and again. */
async function overOwnDatabase(
  tenant: Parameters<typeof backfilling>[0],
  luck: Random,
  times: number,
  befall: (database: OwnPostgres, running: Services) => Promise<void>,
): ReturnType<Scenario['run']> {
  const programs = findPostgres();
  if (programs === undefined) throw new Error('no programs of PostgreSQL on this machine, to start and end a database');
  const database = await startPostgres(programs, true);
  const trouble = async (running: Services): Promise<number> => {
    for (let time = 0; time < times; time += 1) {
      await atWork(running, luck);
      await befall(database, running);
    }
    return times;
  };
  try {
    return await backfilling(tenant, luck, trouble, { database });
  } finally {
    await database.stop();
  }
}

/** A moment of chance at which there is something to do. */
async function atWork(running: Services, luck: Random): Promise<void> {
  await pause(luck.below(PEACE_MS));
  if (await running.idle()) await running.order('--force');
}
