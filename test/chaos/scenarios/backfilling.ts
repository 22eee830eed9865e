import type { EmulatorOptions } from '../../emulator/emulator.js';
import type { Random } from '../../emulator/generate/random.js';
import type { Settings } from '../../e2e/processes.js';
import { Ground } from '../ground.js';
import type { Outcome } from '../scenario.js';
import { verdict } from '../verdict.js';
import { Services } from '../ways.js';

const DAYS = 30;

/** By the name of a setting: another way to the server that it names. */
type Detours = Readonly<Record<string, (url: string) => Promise<string>>>;

/**
 * Three services that read a backfill while trouble is made; `trouble` gives how many faults that were, and what of
 * them belongs into dead letters. When it is over the backfill ends, and what it left is compared with the truth.
 */
export async function backfilling(
  tenant: EmulatorOptions,
  luck: Random,
  trouble: (running: Services, ground: Ground) => Promise<number>,
  { poisonous = false, over = {} }: { poisonous?: boolean; over?: Detours } = {},
): Promise<Outcome> {
  const ground = await Ground.services({ seed: luck.below(1000), days: DAYS, latencyMs: 20, ...tenant });
  const running = new Services(ground, await detoured(ground.settings, over));
  try {
    await running.start();
    const faults = await trouble(running, ground);
    await running.finished();
    return await verdict(ground, { faults, readAgain: 0, wrong: [] }, poisonous ? faults : 0);
  } finally {
    await running.stop();
    await ground.close();
  }
}

async function detoured(settings: Settings, over: Detours): Promise<Settings> {
  const changed = Object.entries(over).map(async ([name, detour]) => [name, await detour(settings[name] ?? '')]);
  return { ...settings, ...(Object.fromEntries(await Promise.all(changed)) as Settings) };
}
