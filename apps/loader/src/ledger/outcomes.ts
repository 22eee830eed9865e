import { outcome, outcomes, type Outcome } from '#contracts';

import type { Transaction } from '../transaction.js';
import { answeredOf, type OutcomeCounts } from './decide.js';
import { ledgerQueries } from './rows.js';
import { closableStates } from './slice-rows.js';

export const noOutcomes: OutcomeCounts = { gone: 0, loaded: 0, rejected: 0, unknown: 0 };

/** How the distinct keys of a slice were answered for, by attempt. */
export async function countOutcomes({ em }: Transaction, sliceId: string): Promise<Map<string, OutcomeCounts>> {
  const groups = await ledgerQueries(em)
    .selectFrom('etl_keys')
    .select(({ fn }) => ['attempt', 'outcome', fn.countAll<number | string | bigint>().as('answered')])
    .where('slice_id', '=', sliceId)
    .groupBy(['attempt', 'outcome'])
    .execute();
  const counts = new Map<string, Record<Outcome, number>>();
  for (const { attempt, outcome: given, answered } of groups) {
    const own = counts.get(attempt) ?? { ...noOutcomes };
    own[outcome.parse(given)] += Number(answered);
    counts.set(attempt, own);
  }
  return counts;
}

/** The distinct keys an attempt answered for. */
export async function answeredKeys({ em }: Transaction, sliceId: string, attempt: string): Promise<Set<string>> {
  const rows = await ledgerQueries(em)
    .selectFrom('etl_keys')
    .select('key')
    .where('slice_id', '=', sliceId)
    .where('attempt', '=', attempt)
    .execute();
  return new Set(rows.map(({ key }) => key));
}

/**
 * What the batches of a run's open slices say so far, of each slice those of the attempt that got furthest. A page that
 * was read twice counts twice until its slice is closed.
 */
export async function sumBatches({ em }: Transaction, runId: string): Promise<OutcomeCounts> {
  const attempts = await ledgerQueries(em)
    .selectFrom('etl_inbox as batch')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'batch.slice_id')
    .select(({ fn }) => ['batch.slice_id', ...outcomes.map((name) => fn.sum<Count>(`batch.${name}`).as(name))])
    .where('slice.run_id', '=', runId)
    .where('slice.state', 'in', closableStates)
    .groupBy(['batch.slice_id', 'batch.attempt'])
    .execute();
  const slices = Map.groupBy(attempts, ({ slice_id }) => slice_id).values();
  return [...slices].map((own) => furthest(own.map(countsOf))).reduce(plus, noOutcomes);
}

type Count = number | string | bigint | null;

function countsOf({ gone, loaded, rejected, unknown }: Readonly<Record<Outcome, Count>>): OutcomeCounts {
  return { gone: Number(gone), loaded: Number(loaded), rejected: Number(rejected), unknown: Number(unknown) };
}

function furthest(attempts: readonly OutcomeCounts[]): OutcomeCounts {
  return attempts.reduce((best, one) => (answeredOf(one) > answeredOf(best) ? one : best), noOutcomes);
}

function plus(sum: OutcomeCounts, one: OutcomeCounts): OutcomeCounts {
  return {
    gone: sum.gone + one.gone,
    loaded: sum.loaded + one.loaded,
    rejected: sum.rejected + one.rejected,
    unknown: sum.unknown + one.unknown,
  };
}
