import { sql } from 'kysely';

import type { Transaction } from '../transaction.js';
import { ledgerQueries } from './rows.js';

/**
 * How each day stands, one row a day that was ever to be read whole: what its last reading that came to its end says;
 * where there is none, how far the day is. Standard SQL, for the view `etl_coverage` as well; table names are quoted.
 */
export const DAY_STANDINGS = `
select r.*,
  case when r.state = 'verified' then 'verified' when r.open_slices > 0 then 'open' when r.state = 'failed' then 'failed'
    when r.state = 'cancelled' then 'missing' else 'unverified' end as standing,
  case when r.state = 'unverified' and r.unknown > 0 and r.count_before = r.listed and r.count_after = r.listed
    then 1 else 0 end as only_details
from (
  select s.*,
    row_number() over (partition by s.day order by
      case when s.state in ('verified', 'unverified', 'complete') then 0 when s.state = 'failed' then 1
        when s.state = 'cancelled' then 3 else 2 end,
      s.closed_at desc, s.state desc, s.slice_id) as place,
    sum(case when s.state in ('planned', 'queued') then 1 else 0 end) over (partition by s.day) as open_slices
  from "etl_slices" s
  where s.kind = 'day' and s.filters is null and s.session_limit is null
) r
where r.place = 1`;

/** A day as the ledger knows it; `standing` as in `etl_coverage`. */
export interface DayStanding {
  readonly day: string;
  readonly standing: 'verified' | 'open' | 'unverified' | 'failed' | 'missing';
  readonly reason: string | null;
  /** ET's count at the last reading. */
  readonly count: number;
  /** A ledger date-time; null where no reading came to its end. */
  readonly readAt: string | null;
  /** The slice of that reading. */
  readonly sliceId: string;
  readonly runId: string;
  /** Every session is there as ET counted; only details are unknown. */
  readonly onlyDetails: boolean;
}

interface StandingRow extends Omit<DayStanding, 'count' | 'onlyDetails' | 'readAt'> {
  readonly state: string;
  readonly closed_at: string | null;
  readonly count_after: number | null;
  readonly only_details: number;
}

/** Every such day from one to another, both included; the first first. */
export async function dayStandings(
  { em }: Transaction,
  { from = '0001-01-01', to = '9999-12-31' }: { from?: string; to?: string } = {},
): Promise<DayStanding[]> {
  const standings = sql.raw(DAY_STANDINGS.replaceAll('"', ''));
  const query = sql<StandingRow>`
    select d.day, d.standing, d.state, d.reason, d.count_after, d.closed_at, d.only_details,
      d.slice_id as ${sql.ref('sliceId')}, d.run_id as ${sql.ref('runId')}
    from (${standings}) d where d.day >= ${from} and d.day <= ${to} order by d.day`;
  const { rows } = await query.execute(ledgerQueries(em));
  return rows.map(({ state, closed_at, count_after, only_details, ...row }) => ({
    ...row,
    count: count_after ?? 0,
    readAt: state === 'failed' || state === 'cancelled' ? null : closed_at,
    onlyDetails: Number(only_details) > 0,
  }));
}
