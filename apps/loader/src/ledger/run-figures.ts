import type { Transaction } from '../transaction.js';
import type { OutcomeCounts } from './decide.js';
import { sumNotes, type Notes } from './notes.js';
import { sumBatches } from './outcomes.js';
import { ledgerQueries } from './rows.js';
import { closableStates, finalStates } from './slice-rows.js';

/** How many were listed, and how they were answered for. */
export type Figures = OutcomeCounts & { readonly listed: number };

/**
 * What the slices of a run add up to. Closed ones carry their figures; of the others the batches of the attempt that
 * got furthest are summed.
 */
export async function runFigures(tx: Transaction, runId: string): Promise<{ figures: Figures; notes: Notes }> {
  const queries = ledgerQueries(tx.em);
  const slices = await queries
    .selectFrom('etl_slices')
    .select(['slice_id', 'state', 'listed', 'gone', 'loaded', 'rejected', 'unknown', 'notes'])
    .where('run_id', '=', runId)
    .execute();
  const closed = slices.filter(({ state }) => isOneOf(finalStates, state));
  const open = slices.filter(({ state }) => isOneOf(closableStates, state)).map(({ slice_id }) => slice_id);
  const noted =
    open.length === 0
      ? []
      : await queries.selectFrom('etl_inbox').select('notes').where('slice_id', 'in', open).execute();
  const parts: Partial<{ [F in keyof Figures]: number | null }>[] = [
    ...closed,
    ...(await sumBatches(tx, open)),
    ...(await listedByEnds(tx, open)),
  ];
  const sum = (figure: keyof Figures) => parts.reduce((total, part) => total + (part[figure] ?? 0), 0);
  const [listed, gone, loaded, rejected, unknown] = [
    sum('listed'),
    sum('gone'),
    sum('loaded'),
    sum('rejected'),
    sum('unknown'),
  ];
  return {
    figures: { listed, gone, loaded, rejected, unknown },
    notes: sumNotes([...closed, ...noted].map(({ notes }) => notes)),
  };
}

async function listedByEnds({ em }: Transaction, sliceIds: readonly string[]): Promise<{ listed: number | null }[]> {
  if (sliceIds.length === 0) return [];
  return ledgerQueries(em)
    .selectFrom('etl_ends')
    .select(({ fn }) => fn.max('listed').as('listed'))
    .where('slice_id', 'in', sliceIds)
    .groupBy('slice_id')
    .execute();
}

function isOneOf(states: readonly string[], state: string | null): boolean {
  return states.some((one) => one === state);
}
