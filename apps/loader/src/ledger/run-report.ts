import { lane, runKind, sliceState, type RunReport } from '#contracts';

import type { Transaction } from '../transaction.js';
import { countSlices, noSlices } from './close-run.js';
import { answeredOf } from './decide.js';
import { isoInstant } from './instants.js';
import { countLanes } from './lanes.js';
import { etaOf, rateOf } from './pace.js';
import { Runs, Slices, type LedgerRow } from './rows.js';
import { runFigures } from './run-figures.js';
import { runPace } from './run-pace.js';
import { unfinished, type RunState } from './run-state.js';
import { subjectOf } from './slice-rows.js';

const MOST_PROBLEMS = 100;

/** A run in figures, or the one it joined; null where nobody knows it. */
export async function runReport(tx: Transaction, runId: string, now: Date): Promise<RunReport | null> {
  const asked = await tx.em.findOne(Runs, { run_id: runId });
  const run = asked?.joined_to ? await tx.em.findOne(Runs, { run_id: asked.joined_to }) : asked;
  return run && reportOf(tx, run, now);
}

/** The runs that are unfinished and those opened last, the latest first. */
export async function latestRuns(tx: Transaction, most: number, now: Date): Promise<RunReport[]> {
  const runs = await tx.em.find(Runs, { state: { $ne: 'joined' } }, { orderBy: { opened_at: 'desc' }, limit: most });
  const open = await tx.em.find(Runs, { state: { $in: unfinished } }, { orderBy: { opened_at: 'desc' }, limit: most });
  const reports: RunReport[] = [];
  for (const run of new Set([...open, ...runs])) reports.push(await reportOf(tx, run, now));
  return reports.sort((a, b) => b.openedAt.localeCompare(a.openedAt));
}

async function reportOf(tx: Transaction, run: LedgerRow<'etl_runs'>, now: Date): Promise<RunReport> {
  const { figures, notes } = await runFigures(tx, run.run_id);
  const pace = run.state === 'open' ? await runPace(tx, run, now) : null;
  const problems = await tx.em.find(
    Slices,
    { run_id: run.run_id, state: { $in: ['failed', 'unverified'] } },
    { orderBy: { slice_id: 'asc' }, limit: MOST_PROBLEMS },
  );
  return {
    runId: run.run_id,
    kind: runKind.parse(run.kind),
    state: run.state as Exclude<RunState, 'joined'>,
    openedAt: isoInstant(run.opened_at ?? ''),
    closedAt: run.closed_at && isoInstant(run.closed_at),
    eta: pace && etaOf(pace),
    rate: pace && rateOf(pace),
    slices: (await countSlices(tx, [run.run_id])).get(run.run_id) ?? noSlices(),
    lanes: await countLanes(tx, run.run_id),
    ...figures,
    answered: answeredOf(figures),
    ...notes,
    problems: problems.map((slice) => ({
      sliceId: slice.slice_id,
      lane: lane.parse(slice.lane),
      subject: subjectOf(slice),
      state: sliceState.parse(slice.state),
      reason: slice.reason ?? '',
    })),
  };
}
