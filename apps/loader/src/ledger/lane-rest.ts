import { lanes, type Lane } from '#contracts';
import type { Depth } from '#messaging';

import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { improveState, readState } from './state.js';

/** The lanes of which messages lie in queues, set aside ones included, or are in hand as far as the broker tells. */
export function busyLanes(depths: readonly Depth[]): Lane[] {
  return lanes.filter((lane) =>
    depths.some((depth) => depth.lane === lane && depth.work + depth.wait + depth.again + (depth.inHand ?? 0) > 0),
  );
}

/** Notes that messages of a lane were seen. */
export async function noteBusy(tx: Transaction, lane: Lane, now: Date): Promise<void> {
  const seen = ledgerTime(now);
  await improveState(tx, `${lane}_busy_at`, seen, (stored) => stored < seen);
}

/** The lanes of which no message was seen since a moment of the ledger's. */
export async function restingLanes(tx: Transaction, since: string): Promise<Lane[]> {
  const resting: Lane[] = [];
  for (const lane of lanes) if (((await readState(tx, `${lane}_busy_at`)) ?? '') < since) resting.push(lane);
  return resting;
}
