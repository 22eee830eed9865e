import type { EmulatorOptions } from '../../emulator/emulator.js';
import type { Random } from '../../emulator/generate/random.js';
import type { Settings } from '../../e2e/processes.js';
import type { RunningServer } from '../../support/servers/kinds.js';
import { Ground } from '../ground.js';
import type { Outcome } from '../scenario.js';
import { verdict } from '../verdict.js';
import { Services } from '../ways.js';

const DAYS = 30;

/** By the name of a setting: another way to the server that it names. */
type Detours = Readonly<Record<string, (url: string) => Promise<string>>>;

interface Circumstances {
  readonly poisonous?: boolean;
  readonly over?: Detours;
  /** One of the scenario's own. */
  readonly broker?: RunningServer;
}

/**
 * Three services that read a backfill while trouble is made; `trouble` gives how many faults that were, and what of
 * them belongs into dead letters. When it is over the backfill ends, and what it left is compared with the truth; no fault
 * may have used up an attempt of a message.
 */
export async function backfilling(
  tenant: EmulatorOptions,
  luck: Random,
  trouble: (running: Services, ground: Ground) => Promise<number>,
  { poisonous = false, over = {}, broker }: Circumstances = {},
): Promise<Outcome> {
  const ground = await Ground.services({ seed: luck.below(1000), days: DAYS, latencyMs: 20, ...tenant }, broker);
  const running = new Services(ground, await detoured(ground.settings, over));
  try {
    await running.start();
    const faults = await trouble(running, ground);
    await running.finished();
    const outcome = await verdict(ground, { faults, readAgain: 0, wrong: [] }, poisonous ? faults : 0);
    await running.stop();
    return { ...outcome, wrong: [...outcome.wrong, ...running.attemptsUsed()] };
  } finally {
    await running.stop();
    await ground.close();
  }
}

async function detoured(settings: Settings, over: Detours): Promise<Settings> {
  const changed = Object.entries(over).map(async ([name, detour]) => [name, await detour(settings[name] ?? '')]);
  return { ...settings, ...(Object.fromEntries(await Promise.all(changed)) as Settings) };
}
