import type { EmulatorOptions } from '../../emulator/emulator.js';
import type { Random } from '../../emulator/generate/random.js';
import { Ground } from '../ground.js';
import { killInARow } from '../kills.js';
import type { Outcome, Scenario } from '../scenario.js';
import { verdict } from '../verdict.js';
import { OneProcess, Services, type Way } from '../ways.js';
import { DAYS } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  readonly kills: number;
}

/** kill -9 of all three services at once, again and again within one backfill. */
export const killAllServices = (size: Size): Scenario => ({
  name: 'kill-all-services',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    const ground = await Ground.services(tenantOf(size, luck));
    return killed(ground, new Services(ground), size, luck);
  },
});

/** kill -9 of the one process that does everything, and the same command again. */
export const killOneProcess = (size: Size): Scenario => ({
  name: 'kill-one-process',
  needs: [],
  run: async (luck) => {
    const ground = await Ground.oneProcess(tenantOf(size, luck));
    return killed(ground, new OneProcess(ground), size, luck);
  },
});

function tenantOf({ sessions }: Size, luck: Random): EmulatorOptions {
  return { seed: luck.below(1000), sessions, days: DAYS, latencyMs: 20 };
}

async function killed(ground: Ground, way: Way, { kills }: Size, luck: Random): Promise<Outcome> {
  try {
    const outcome = await verdict(ground, await killInARow(ground, way, kills, luck));
    await way.stop();
    return { ...outcome, wrong: [...outcome.wrong, ...way.attemptsUsed()] };
  } finally {
    await way.stop();
    await ground.close();
  }
}
