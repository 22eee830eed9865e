import type { Transaction } from '../transaction.js';
import type { OutcomeCounts } from './decide.js';
import { sumNotes, type Notes } from './notes.js';
import { countOutcomes, furthest } from './outcomes.js';
import { ledgerQueries } from './rows.js';
import { closableStates, finalStates } from './slice-rows.js';

/** How many were listed, and how they were answered for. */
export type Figures = OutcomeCounts & { readonly listed: number };

/**
 * What the slices of a run add up to. Closed ones carry their figures; of the others the attempt that got furthest
 * is counted.
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
  const outcomes = await countOutcomes(tx, open);
  const noted =
    open.length === 0
      ? []
      : await queries.selectFrom('etl_inbox').select('notes').where('slice_id', 'in', open).execute();
  const ended = await listedByEnds(tx, open);
  const parts: Partial<{ [F in keyof Figures]: number | null }>[] = [
    ...closed,
    ...open.map((sliceId) => ({ ...furthest(outcomes.get(sliceId)), listed: ended.get(sliceId) ?? 0 })),
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

async function listedByEnds({ em }: Transaction, sliceIds: readonly string[]): Promise<Map<string, number>> {
  if (sliceIds.length === 0) return new Map();
  const ends = await ledgerQueries(em)
    .selectFrom('etl_ends')
    .select(({ fn }) => ['slice_id', fn.max('listed').as('listed')])
    .where('slice_id', 'in', sliceIds)
    .groupBy('slice_id')
    .execute();
  return new Map(ends.map(({ slice_id, listed }) => [slice_id, listed ?? 0]));
}

function isOneOf(states: readonly string[], state: string | null): boolean {
  return states.some((one) => one === state);
}
