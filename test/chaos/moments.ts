import { setTimeout as pause } from 'node:timers/promises';

import type { Emulator } from '../emulator/emulator.js';
import type { Random } from '../emulator/generate/random.js';

const EARLY_MS = 2_000;
const SLOWEST_MS = 10_000;

/**
 * Waits for a moment of chance: of five four lie within the next `requests` requests to ET, one within the next two
 * seconds, when processes that were just started still prepare themselves.
 */
export async function someMoment(emulator: Emulator, requests: number, luck: Random): Promise<void> {
  if (luck.chance(0.2)) return pause(luck.below(EARLY_MS));
  const wanted = emulator.stats().requests + luck.between(1, requests);
  // Where nothing is left to ask for, or all wait for each other, the moment comes all the same.
  const latest = Date.now() + SLOWEST_MS;
  while (emulator.stats().requests < wanted && Date.now() < latest) await pause(5);
}

/** Requests that reading the whole tenant takes, about. */
export function requestsOf({ tenant }: Emulator): number {
  return tenant.size * 3;
}
