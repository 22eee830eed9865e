import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { phaseOf, type Pair, type Phase } from './figures.js';
import { Ledger } from './ledger.js';
import type { System } from './system.js';
import type { Days, Tenant } from './tenant.js';

export interface Extent {
  readonly pairs: number;
  /** Seconds of each phase; every pair has two. */
  readonly seconds: number;
}

/** Milliseconds between two daily runs. One that finds the one before unfinished joins it. */
const SYNC_EVERY_MS = 2_000;
const LOOK_EVERY_MS = 500;
/** Sessions of a backfill: every hop has some in hand by then. Its dictionaries have fewer items. */
const FULL_SWING = 500;
const LATE_MS = 120_000;
/** What is in the queues of a backfill when it is cancelled is still loaded. */
const EBB_MS = 3_000;

/** Live work alone and beside a backfill, in turns on one running system, the first turn for warming up. */
export async function measurePairs(system: System, tenant: Tenant, extent: Extent, say: (line: string) => void) {
  const ledger = await Ledger.open(system.database);
  try {
    const lanes = new Lanes(system, tenant, ledger, extent.seconds);
    await lanes.alone();
    const pairs: Pair[] = [];
    for (const days of tenant.backfills) {
      const alone = await lanes.alone();
      const { beside, rate } = await lanes.besideBackfill(days);
      pairs.push({ alone, beside });
      const backfill = `a backfill of ${Math.round(rate)} sessions/s`;
      say(`pair ${pairs.length}: alone ${told(alone)}; beside ${backfill} ${told(beside)}`);
    }
    return pairs;
  } finally {
    await ledger.close();
  }
}

class Lanes {
  constructor(
    private readonly system: System,
    private readonly tenant: Tenant,
    private readonly ledger: Ledger,
    private readonly seconds: number,
  ) {}

  async alone(): Promise<Phase> {
    const runIds: string[] = [];
    const until = performance.now() + this.seconds * 1000;
    while (performance.now() < until) {
      const next = performance.now() + SYNC_EVERY_MS;
      runIds.push(await this.sync());
      await sleep(next - performance.now());
    }
    for (const runId of runIds) await this.until('a daily run is done', async () => this.isOver(runId));
    return phaseOf(await this.ledger.times(runIds));
  }

  async besideBackfill(days: Days): Promise<{ beside: Phase; rate: number }> {
    const runId = randomUUID();
    await this.system.order({ type: 'backfill', ...days, force: false, runId });
    const isInSwing = async () => (await this.ledger.progress(runId)).loaded > FULL_SWING;
    await this.until('the backfill is in full swing', isInSwing);
    const before = await this.ledger.progress(runId);
    const begun = performance.now();
    const beside = await this.alone();
    const after = await this.ledger.progress(runId);
    const rate = (1000 * (after.loaded - before.loaded)) / (performance.now() - begun);
    if (after.left === 0)
      throw new Error('the backfill ended before the measurement did: it has to have more sessions');
    await this.system.order({ type: 'cancel', runId });
    await this.until('the backfill is cancelled', async () => this.isOver(runId));
    await sleep(EBB_MS);
    return { beside, rate };
  }

  private async sync(): Promise<string> {
    const runId = randomUUID();
    await this.tenant.grow();
    await this.system.order({ type: 'sync', runId });
    return runId;
  }

  private async isOver(runId: string): Promise<boolean> {
    const state = await this.ledger.stateOf(runId);
    return state !== null && state !== 'open';
  }

  private async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const late = performance.now() + LATE_MS;
    while (!(await holds())) {
      if (performance.now() > late) throw new Error(`waited in vain until ${what}`);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

function told({ p50, p95 }: Phase): string {
  return `p50 ${p50} ms, p95 ${p95} ms`;
}
