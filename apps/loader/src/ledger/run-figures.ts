import { outcomes } from '#contracts';

import type { Transaction } from '../transaction.js';
import type { OutcomeCounts } from './decide.js';
import { sumNotes, type Notes } from './notes.js';
import { sumBatches } from './outcomes.js';
import { ledgerQueries } from './rows.js';
import { closableStates, finalStates } from './slice-rows.js';

/** How many were listed, and how they were answered for. */
export type Figures = OutcomeCounts & { readonly listed: number };

type Sum = number | string | bigint | null;

const figureNames = ['listed', ...outcomes] as const satisfies (keyof Figures)[];

/**
 * What the slices of a run add up to. Closed ones carry their figures; of the others the batches of the attempt that
 * got furthest are summed.
 */
export async function runFigures(tx: Transaction, runId: string): Promise<{ figures: Figures; notes: Notes }> {
  const closed = await sumClosed(tx, runId);
  const open = await sumBatches(tx, runId);
  const listed = await listedByEnds(tx, runId);
  const figures = Object.fromEntries(
    figureNames.map((name) => [name, (name === 'listed' ? listed : open[name]) + Number(closed[name] ?? 0)]),
  ) as Figures;
  return { figures, notes: sumNotes(await notesOf(tx, runId)) };
}

function sumClosed({ em }: Transaction, runId: string) {
  return ledgerQueries(em)
    .selectFrom('etl_slices')
    .select(({ fn }) => figureNames.map((name) => fn.sum<Sum>(name).as(name)))
    .where('run_id', '=', runId)
    .where('state', 'in', finalStates)
    .executeTakeFirstOrThrow();
}

/** Of each slice that is open the most that any attempt listed. */
async function listedByEnds({ em }: Transaction, runId: string): Promise<number> {
  const ends = await ledgerQueries(em)
    .selectFrom('etl_ends as end')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'end.slice_id')
    .select(({ fn }) => fn.max('end.listed').as('listed'))
    .where('slice.run_id', '=', runId)
    .where('slice.state', 'in', closableStates)
    .groupBy('end.slice_id')
    .execute();
  return ends.reduce((sum, { listed }) => sum + (listed ?? 0), 0);
}

async function notesOf({ em }: Transaction, runId: string): Promise<unknown[]> {
  const closed = await ledgerQueries(em)
    .selectFrom('etl_slices')
    .select('notes')
    .where('run_id', '=', runId)
    .where('state', 'in', finalStates)
    .where('notes', 'is not', null)
    .execute();
  const open = await ledgerQueries(em)
    .selectFrom('etl_inbox as batch')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'batch.slice_id')
    .select('batch.notes')
    .where('slice.run_id', '=', runId)
    .where('slice.state', 'in', closableStates)
    .where('batch.notes', 'is not', null)
    .execute();
  return [...closed, ...open].map(({ notes }) => notes);
}
