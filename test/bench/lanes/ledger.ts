import { setTimeout as sleep } from 'node:timers/promises';

import { createLogger } from '#observability';

import { Database } from '../../../apps/loader/src/database.js';
import { ledgerEntities, Runs, Slices } from '../../../apps/loader/src/ledger/rows.js';
import { runFigures } from '../../../apps/loader/src/ledger/run-figures.js';
import { openStates } from '../../../apps/loader/src/ledger/slice-rows.js';
import type { FreshDatabase } from '../../support/databases.js';

/** What the ledger tells of a system at work, read beside it. */
export class Ledger {
  private constructor(private readonly database: Database) {}

  /** Waits for the tables that the system makes at its start. */
  static async open({ settings }: FreshDatabase): Promise<Ledger> {
    const beside = settings.dialect === 'sqlite' ? { ...settings, beside: true } : settings;
    const database = await Database.open(beside, createLogger('bench', 'warn'), ledgerEntities);
    while (!(await database.hasTables())) await sleep(500);
    return new Ledger(database);
  }

  /** Null until the run is known. */
  async stateOf(runId: string): Promise<string | null> {
    return this.database.transaction(async ({ em }) => {
      const run = await em.findOne(Runs, { run_id: runId });
      return (run?.joined_to ? (await em.findOne(Runs, { run_id: run.joined_to }))?.state : run?.state) ?? null;
    });
  }

  /** Of each slice of the runs: milliseconds from being dispatched to being closed. */
  async times(runIds: readonly string[]): Promise<number[]> {
    const slices = await this.database.transaction(({ em }) => em.find(Slices, { run_id: { $in: [...runIds] } }));
    const open = slices.filter(({ closed_at }) => closed_at === null);
    if (open.length > 0) throw new Error(`${open.length} slices of closed runs are open`);
    return slices.map(({ moved_at, closed_at }) => moment(closed_at) - moment(moved_at));
  }

  /** Answers for conversations and items of the run so far, and slices it still has to read. */
  async progress(runId: string): Promise<{ loaded: number; left: number }> {
    return this.database.transaction(async (tx) => {
      const left = await tx.em.count(Slices, { run_id: runId, state: { $in: [...openStates] } });
      return { loaded: (await runFigures(tx, runId)).figures.loaded, left };
    });
  }

  async close(): Promise<void> {
    await this.database.close();
  }
}

function moment(time: string | null): number {
  return Date.parse(`${(time ?? '').replace(' ', 'T')}Z`);
}
