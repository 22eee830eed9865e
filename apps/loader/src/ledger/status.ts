import { sql } from 'kysely';

import { tables, type StatusReport } from '#contracts';

import type { Transaction } from '../transaction.js';
import { dayStandings } from './coverage.js';
import { dayAfter, daysBefore, daysBetween, isoInstant } from './instants.js';
import { countLanes } from './lanes.js';
import { HeldDeletes, ledgerQueries, Runs, Slices, tableName } from './rows.js';
import { latestRuns } from './run-report.js';
import { readState } from './state.js';

const LATEST_RUNS = 10;

/** How everything stands: runs, rows a table, and how complete the days since the first one are. */
export async function statusReport(tx: Transaction, now: Date, today = daysBefore(now, 0)): Promise<StatusReport> {
  const startDate = await readState(tx, 'start_date');
  const yesterday = dayAfter(today, -1);
  const standings = await dayStandings(tx);
  const verified = standings.flatMap(({ standing, day }) => (standing === 'verified' ? day : []));
  const due = verified.filter((day) => startDate !== null && day >= startDate && day <= yesterday);
  return {
    runs: await latestRuns(tx, LATEST_RUNS, now),
    tables: await countRows(tx),
    lastVerifiedDay: verified.at(-1) ?? null,
    unverifiedDays: startDate === null ? 0 : daysBetween(startDate, yesterday) - due.length,
    rejects: await countOf(tx, 'etl_rejects'),
    lanes: await countLanes(tx),
    deadLetters: await countOf(tx, 'etl_dead_letters'),
    unknownDetails: await countOf(tx, 'etl_unknown'),
    heldDeletes: (await tx.em.find(HeldDeletes, {})).reduce((sum, { candidates }) => sum + (candidates ?? 0), 0),
    freshness: await freshness(tx),
    lastSyncedAt: await lastSyncedAt(tx),
  };
}

async function freshness({ em }: Transaction): Promise<string | null> {
  const where = { lane: 'live', state: { $in: ['verified', 'complete', 'unverified'] } };
  const [last] = await em.find(Slices, where, { orderBy: { closed_at: 'desc' }, limit: 1 });
  return last?.closed_at ? isoInstant(last.closed_at) : null;
}

async function lastSyncedAt({ em }: Transaction): Promise<string | null> {
  const where = { kind: { $in: ['scheduled', 'sync'] }, state: 'done' };
  const [last] = await em.find(Runs, where, { orderBy: { closed_at: 'desc' }, limit: 1 });
  return last?.closed_at ? isoInstant(last.closed_at) : null;
}

async function countRows(tx: Transaction): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name } of tables) counts[name] = await countOf(tx, name);
  return counts;
}

async function countOf({ em }: Transaction, table: string): Promise<number> {
  const name = tableName(em, table);
  const query = sql<{ rows: number | string | bigint }>`select count(*) as ${sql.ref('rows')} from ${name}`;
  const { rows } = await query.execute(ledgerQueries(em));
  return Number(rows[0]?.rows ?? 0);
}
