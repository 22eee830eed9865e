import { sql } from 'kysely';

import type { Transaction } from '../transaction.js';
import { ledgerQueries, tableName } from './rows.js';
import { DAY_STANDINGS } from './sums.js';

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
  /** Every session was there as ET counted, and all that was wrong were unknown details. */
  readonly lackedDetails: boolean;
  /** The same, and they are noted to be asked for again: a session that moves takes its own to another day. */
  readonly onlyDetails: boolean;
}

interface StandingRow extends Pick<DayStanding, 'day' | 'standing' | 'reason' | 'sliceId'> {
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
  const [before = '', after = ''] = DAY_STANDINGS.split('"etl_slices"');
  const standings = sql`${sql.raw(before)}${tableName(em, 'etl_slices')}${sql.raw(after)}`;
  const query = sql<StandingRow>`
    select d.day, d.standing, d.state, d.reason, d.count_after, d.closed_at, d.only_details,
      d.slice_id as ${sql.ref('sliceId')}
    from (${standings}) d where d.day >= ${from} and d.day <= ${to} order by d.day`;
  const { rows } = await query.execute(ledgerQueries(em));
  const noted = await ledgerQueries(em).selectFrom('etl_unknown').select('day').distinct().execute();
  const notedDays = new Set(noted.map(({ day }) => day));
  return rows.map(({ state, closed_at, count_after, only_details, ...row }) => ({
    ...row,
    count: count_after ?? 0,
    readAt: state === 'failed' || state === 'cancelled' ? null : closed_at,
    lackedDetails: Number(only_details) > 0,
    onlyDetails: Number(only_details) > 0 && notedDays.has(row.day),
  }));
}
