import { outcome, type Outcome } from '#contracts';

import type { Transaction } from '../transaction.js';
import { answeredOf, type OutcomeCounts } from './decide.js';
import { ledgerQueries } from './rows.js';

export const noOutcomes: OutcomeCounts = { gone: 0, loaded: 0, rejected: 0, unknown: 0 };

/** How the keys of slices were answered for, by slice and attempt. */
export type AttemptOutcomes = ReadonlyMap<string, ReadonlyMap<string, OutcomeCounts>>;

export async function countOutcomes({ em }: Transaction, sliceIds: readonly string[]): Promise<AttemptOutcomes> {
  if (sliceIds.length === 0) return new Map();
  const groups = await ledgerQueries(em)
    .selectFrom('etl_keys')
    .select(({ fn }) => ['slice_id', 'attempt', 'outcome', fn.countAll<number | string | bigint>().as('answered')])
    .where('slice_id', 'in', sliceIds)
    .groupBy(['slice_id', 'attempt', 'outcome'])
    .execute();
  const counts = new Map<string, Map<string, Record<Outcome, number>>>();
  for (const { slice_id, attempt, outcome: given, answered } of groups) {
    const attempts = counts.get(slice_id) ?? new Map<string, Record<Outcome, number>>();
    const own = attempts.get(attempt) ?? { ...noOutcomes };
    own[outcome.parse(given)] += Number(answered);
    counts.set(slice_id, attempts.set(attempt, own));
  }
  return counts;
}

/** The attempt of a slice that got furthest: what an open slice is reported by. */
export function furthest(attempts: ReadonlyMap<string, OutcomeCounts> | undefined): OutcomeCounts {
  const all = [...(attempts?.values() ?? [])];
  return all.reduce((best, one) => (answeredOf(one) > answeredOf(best) ? one : best), noOutcomes);
}
