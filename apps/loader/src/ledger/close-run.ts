import { sliceState, sliceStates, type SliceState } from '#contracts';

import type { Transaction } from '../transaction.js';
import { isCounted } from './decide.js';
import { ledgerTime } from './instants.js';
import { ledgerQueries, lockRow, Runs, Slices } from './rows.js';
import { runState, unfinished, watermarkMoves, type RunState, type SliceCounts } from './run-state.js';
import { openStates } from './slice-rows.js';
import { improveState } from './state.js';

/**
 * Gives a run the state its slices ask for, and moves the categories' watermark once everything planned from it was
 * read. The caller holds the lock on the run's row.
 */
export async function closeRun(tx: Transaction, runId: string, now: Date): Promise<RunState | null> {
  const run = await tx.em.findOne(Runs, { run_id: runId }, { refresh: true });
  if (!run) return null;
  const counts = (await countSlices(tx, [runId])).get(runId) ?? noSlices();
  const state = runState(run.state as RunState, counts);
  if (state !== run.state) {
    const closed_at = state === 'open' || state === 'paused' ? null : ledgerTime(now);
    await tx.em.nativeUpdate(Runs, { run_id: runId }, { state, closed_at });
  }
  const watermark = run.categories_watermark;
  if (watermark !== null && watermarkMoves(state, counts, await countDoubtful(tx, runId))) {
    await improveState(tx, 'categories_watermark', watermark, (stored) => stored < watermark);
  }
  return state;
}

/** Slices of a run that listed something else than ET counted. */
async function countDoubtful({ em }: Transaction, runId: string): Promise<number> {
  const unverified = await em.find(Slices, { run_id: runId, state: 'unverified' });
  return unverified.filter(({ listed, count_before, count_after }) => {
    return !isCounted({ listed: listed ?? 0, countBefore: count_before, countAfter: count_after });
  }).length;
}

/** Unfinished runs none of whose slices is open: a closing that did not come to its end leaves such. */
export async function finishedRuns({ em }: Transaction): Promise<string[]> {
  const rows = await ledgerQueries(em)
    .selectFrom('etl_runs as run')
    .select('run.run_id')
    .where('run.state', 'in', unfinished)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('etl_slices as slice')
            .select('slice.slice_id')
            .whereRef('slice.run_id', '=', 'run.run_id')
            .where('slice.state', 'in', openStates),
        ),
      ),
    )
    .execute();
  return rows.map(({ run_id }) => run_id);
}

/** `closeRun` for a caller that does not hold the lock. */
export async function finishRun(tx: Transaction, runId: string, now: Date): Promise<RunState | null> {
  await lockRow(tx, Runs, { run_id: runId });
  return closeRun(tx, runId, now);
}

/** How many slices of each run are in each state. */
export async function countSlices({ em }: Transaction, runIds: readonly string[]): Promise<Map<string, SliceCounts>> {
  if (runIds.length === 0) return new Map();
  const groups = await ledgerQueries(em)
    .selectFrom('etl_slices')
    .select(({ fn }) => ['run_id', 'state', fn.countAll<number | string | bigint>().as('slices')])
    .where('run_id', 'in', runIds)
    .groupBy(['run_id', 'state'])
    .execute();
  const counts = new Map<string, Record<SliceState, number>>();
  for (const { run_id, state, slices } of groups) {
    const own = counts.get(run_id ?? '') ?? noSlices();
    own[sliceState.parse(state)] += Number(slices);
    counts.set(run_id ?? '', own);
  }
  return counts;
}

export function noSlices(): Record<SliceState, number> {
  return Object.fromEntries(sliceStates.map((state) => [state, 0])) as Record<SliceState, number>;
}
