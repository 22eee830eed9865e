import { Ground } from '../ground.js';
import { killInARow } from '../kills.js';
import type { Scenario } from '../scenario.js';
import { verdict } from '../verdict.js';
import { OneProcess, Services } from '../ways.js';
import { DAYS } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  readonly kills: number;
}

/** kill -9 of all three services at once, again and again within one backfill. */
export const killAllServices = ({ sessions, kills }: Size): Scenario => ({
  name: 'kill-all-services',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    const ground = await Ground.services({ seed: luck.below(1000), sessions, days: DAYS, latencyMs: 20 });
    const services = new Services(ground);
    try {
      const outcome = await verdict(ground, await killInARow(ground, services, kills, luck));
      await services.stop();
      return { ...outcome, wrong: [...outcome.wrong, ...services.attemptsUsed()] };
    } finally {
      await services.stop();
      await ground.close();
    }
  },
});

/** kill -9 of the one process that does everything, and the same command again. */
export const killOneProcess = ({ sessions, kills }: Size): Scenario => ({
  name: 'kill-one-process',
  needs: [],
  run: async (luck) => {
    const ground = await Ground.oneProcess({ seed: luck.below(1000), sessions, days: DAYS, latencyMs: 20 });
    const process = new OneProcess(ground);
    try {
      return await verdict(ground, await killInARow(ground, process, kills, luck));
    } finally {
      await process.stop();
      await ground.close();
    }
  },
});
