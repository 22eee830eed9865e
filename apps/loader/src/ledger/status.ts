import { sql } from 'kysely';

import { tables, type StatusReport } from '#contracts';

import type { Transaction } from '../transaction.js';
import { daysBefore, daysBetween } from './instants.js';
import { verifiedDays } from './plan-state.js';
import { ledgerQueries } from './rows.js';
import { latestRuns } from './run-report.js';
import { readState } from './state.js';

const LATEST_RUNS = 10;

/** How everything stands: runs, rows a table, and how complete the days since the first one are. */
export async function statusReport(tx: Transaction, now: Date): Promise<StatusReport> {
  const startDate = await readState(tx, 'start_date');
  const verified = await verifiedDays(tx, '0001-01-01');
  const yesterday = daysBefore(now, 1);
  const due = verified.filter((day) => startDate !== null && day >= startDate && day <= yesterday);
  return {
    runs: await latestRuns(tx, LATEST_RUNS),
    tables: await countRows(tx),
    lastVerifiedDay: verified.at(-1) ?? null,
    unverifiedDays: startDate === null ? 0 : daysBetween(startDate, yesterday) - due.length,
    rejects: await countOf(tx, 'etl_rejects'),
  };
}

async function countRows(tx: Transaction): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of tables) counts[name] = await countOf(tx, name);
  return counts;
}

async function countOf({ em }: Transaction, table: string): Promise<number> {
  const query = sql<{ rows: number | string | bigint }>`select count(*) as ${sql.ref('rows')} from ${sql.table(table)}`;
  const { rows } = await query.execute(ledgerQueries(em));
  return Number(rows[0]?.rows ?? 0);
}
