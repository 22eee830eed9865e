import { setTimeout as pause } from 'node:timers/promises';

import { brokerProcess, databaseProcesses } from '../server-processes.js';
import type { Scenario } from '../scenario.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  readonly times: number;
}

const PEACE_MS = 4_000;
const FROZEN_MS = 30_000;

/** kill -9 of a process of PostgreSQL: it ends all others, and comes back from its log. */
export const crashDatabase = ({ sessions, times }: Size): Scenario => ({
  name: 'crash-database',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling({ sessions }, luck, async (running, ground) => {
      let faults = 0;
      while (faults < times) {
        await pause(luck.below(PEACE_MS));
        // Until it has come back, it tells nobody anything.
        const pids = await databaseProcesses(ground).catch(() => []);
        if (pids.length === 0) continue;
        process.kill(luck.pick(pids), 'SIGKILL');
        faults += 1;
        await running.recovered();
        if (await running.idle()) await running.order('--force');
      }
      return faults;
    }),
});

/** SIGSTOP of a server for 30 seconds: connections stay open, and nothing comes back over them. */
export const freezeServer = (server: 'broker' | 'database', { sessions, times }: Size): Scenario => ({
  name: `freeze-${server}`,
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling({ sessions }, luck, async (running, ground) => {
      for (let time = 0; time < times; time += 1) {
        await pause(luck.below(PEACE_MS));
        if (await running.idle()) await running.order('--force');
        const pids = server === 'broker' ? [await brokerProcess()] : await databaseProcesses(ground);
        for (const pid of pids) process.kill(pid, 'SIGSTOP');
        await pause(FROZEN_MS);
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
      return times;
    }),
});
