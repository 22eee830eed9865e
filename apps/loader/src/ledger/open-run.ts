import type { RunPlan } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { Runs } from './rows.js';
import { unfinished } from './run-state.js';
import { sliceRow } from './slice-rows.js';
import { improveState } from './state.js';

export interface OpenedRun {
  readonly runId: string;
  /** False where the run was there already or joined another. */
  readonly opened: boolean;
}

/**
 * Stores a run and its slices, once however often it is asked for. A run whose request equals that of an unfinished
 * one joins it.
 */
export async function openRun(tx: Transaction, plan: RunPlan, now: Date): Promise<OpenedRun> {
  // Openings stand in line, so that two equal requests at one moment still become one run.
  await tx.writer.serialise('etl open-run');
  const { runId, startDate } = plan;
  const known = await tx.em.findOne(Runs, { run_id: runId });
  if (known) return { runId: known.joined_to ?? runId, opened: false };
  if (startDate) await improveState(tx, 'start_date', startDate, (stored) => startDate < stored);

  const time = ledgerTime(now);
  const twin = plan.request ? await tx.em.findOne(Runs, { request: plan.request, state: { $in: unfinished } }) : null;
  if (twin) {
    await tx.em.insert(Runs, { ...runRow(plan, time), state: 'joined', joined_to: twin.run_id, closed_at: time });
    return { runId: twin.run_id, opened: false };
  }
  const empty = plan.slices.length === 0;
  await tx.em.insert(Runs, { ...runRow(plan, time), state: empty ? 'done' : 'open', closed_at: empty ? time : null });
  const rows = plan.slices.map((slice) => sliceRow(runId, slice, time));
  await tx.writer.insertMissing(ledgerTarget('etl_slices'), rows);
  return { runId, opened: true };
}

function runRow(plan: RunPlan, now: string) {
  return {
    run_id: plan.runId,
    kind: plan.kind,
    request: plan.request,
    joined_to: null,
    tick: plan.tick ? new Date(plan.tick).toISOString() : null,
    categories_watermark: plan.categoriesWatermark ?? null,
    opened_at: now,
  };
}
