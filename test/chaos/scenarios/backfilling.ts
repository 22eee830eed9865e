import type { EmulatorOptions } from '../../emulator/emulator.js';
import type { Random } from '../../emulator/generate/random.js';
import type { Settings } from '../../e2e/processes.js';
import { Cut } from '../../support/cut.js';
import { Ground, type OwnServers } from '../ground.js';
import type { Outcome } from '../scenario.js';
import { verdict } from '../verdict.js';
import { Services } from '../ways.js';

export const DAYS = 30;

/** Settings that name a server. */
export type Server = 'ET_URL' | 'DATABASE_URL' | 'AMQP_URL';

export interface Circumstances<S extends Server> extends OwnServers {
  readonly poisonous?: boolean;
  /** Servers that the services reach over ways which `trouble` can cut. */
  readonly over?: readonly S[];
}

/**
 * Three services that read a backfill while trouble is made; `trouble` gives how many faults that were, all of which
 * belong into dead letters where they are `poisonous`. When it is over the backfill ends, and what it left is compared
 * with the truth; no fault may have used up an attempt of a message.
 */
export async function backfilling<S extends Server = never>(
  tenant: EmulatorOptions,
  luck: Random,
  trouble: (running: Services, ground: Ground, ways: Readonly<Record<S, Cut>>) => Promise<number>,
  { poisonous = false, over = [], ...own }: Circumstances<S> = {},
): Promise<Outcome> {
  const ground = await Ground.services({ seed: luck.below(1000), days: DAYS, latencyMs: 20, ...tenant }, own);
  const ways = await waysTo(over, ground.settings);
  const running = new Services(ground, { ...ground.settings, ...urlsOf(ways) });
  try {
    await running.start();
    const faults = await trouble(running, ground, ways);
    await running.finished();
    const outcome = await verdict(ground, { faults, readAgain: 0, wrong: [] }, poisonous ? faults : 0);
    await running.stop();
    return { ...outcome, wrong: [...outcome.wrong, ...running.attemptsUsed()] };
  } finally {
    await running.stop();
    for (const way of Object.values<Cut>(ways)) await way.cut();
    await ground.close();
  }
}

async function waysTo<S extends Server>(servers: readonly S[], settings: Settings): Promise<Record<S, Cut>> {
  const ways = servers.map((server) => [server, new Cut(new URL(settings[server] ?? ''))] as const);
  for (const [, way] of ways) await way.mend();
  return Object.fromEntries(ways) as Record<S, Cut>;
}

function urlsOf(ways: Readonly<Record<string, Cut>>): Settings {
  return Object.fromEntries(Object.entries(ways).map(([server, way]) => [server, way.url]));
}
