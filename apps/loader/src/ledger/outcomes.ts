import { outcome, outcomes, type Outcome } from '#contracts';

import type { Transaction } from '../transaction.js';
import { answeredOf, type OutcomeCounts } from './decide.js';
import { ledgerQueries } from './rows.js';

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
 * What the batches of slices say so far, by slice, of the attempt that got furthest. A page that was read twice counts
 * twice until its slice is closed.
 */
export async function sumBatches({ em }: Transaction, sliceIds: readonly string[]): Promise<OutcomeCounts[]> {
  if (sliceIds.length === 0) return [];
  const sums = await ledgerQueries(em)
    .selectFrom('etl_inbox')
    .select(({ fn }) => [
      'slice_id',
      'attempt',
      ...outcomes.map((name) => fn.sum<number | string | bigint | null>(name).as(name)),
    ])
    .where('slice_id', 'in', sliceIds)
    .groupBy(['slice_id', 'attempt'])
    .execute();
  const attempts = sums.map((sum) => ({ sliceId: sum.slice_id, counts: countsOf(sum) }));
  return [...Map.groupBy(attempts, ({ sliceId }) => sliceId).values()].map((own) => furthest(own));
}

function countsOf(sum: Readonly<Record<Outcome, number | string | bigint | null>>): OutcomeCounts {
  const { gone, loaded, rejected, unknown } = sum;
  return { gone: Number(gone), loaded: Number(loaded), rejected: Number(rejected), unknown: Number(unknown) };
}

function furthest(attempts: readonly { counts: OutcomeCounts }[]): OutcomeCounts {
  return attempts.reduce((best, { counts }) => (answeredOf(counts) > answeredOf(best) ? counts : best), noOutcomes);
}
