import { lanes, type RunReport } from '#contracts';

import type { Transaction } from '../transaction.js';
import { ledgerQueries } from './rows.js';
import { openStates } from './slice-rows.js';

/** The slices of each lane that are not closed: of a run, or of all. */
export async function countLanes({ em }: Transaction, runId?: string): Promise<RunReport['lanes']> {
  const groups = await ledgerQueries(em)
    .selectFrom('etl_slices')
    .select(({ fn }) => ['lane', 'state', fn.countAll<number | string | bigint>().as('slices')])
    .where('state', 'in', openStates)
    .$if(runId !== undefined, (query) => query.where('run_id', '=', runId ?? ''))
    .groupBy(['lane', 'state'])
    .execute();
  const count = (lane: string, state: string) =>
    groups.reduce((sum, one) => (one.lane === lane && one.state === state ? sum + Number(one.slices) : sum), 0);
  return lanes.map((lane) => ({ lane, planned: count(lane, 'planned'), queued: count(lane, 'queued') }));
}
