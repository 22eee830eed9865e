import { sql } from 'kysely';

import type { PlanState } from '#contracts';

import type { Dialect } from '../dialects/connection.js';
import { holdsBareUuids } from '../merge/bare-uuids.js';
import type { Transaction } from '../transaction.js';
import { daysBefore } from './instants.js';
import { ledgerQueries } from './rows.js';
import { readState } from './state.js';

/** Days before today (UTC) that are searched for unprocessed sessions: a week and what time zones may add. */
const UNPROCESSED_DAYS = 8;

/** What planning needs to know, from the day asked about. */
export async function planStateOf(tx: Transaction, dialect: Dialect, from: string, now: Date): Promise<PlanState> {
  const { tick } = await ledgerQueries(tx.em)
    .selectFrom('etl_runs')
    .select(({ fn }) => fn.max('tick').as('tick'))
    .executeTakeFirstOrThrow();
  return {
    startDate: await readState(tx, 'start_date'),
    verifiedDays: await verifiedDays(tx, from),
    unprocessedDays: await unprocessedDays(tx, dialect, daysBefore(now, UNPROCESSED_DAYS)),
    categoriesWatermark: await readState(tx, 'categories_watermark'),
    lastTick: tick,
  };
}

/** Days proven complete, the first first: verified, and no later look at the whole day found otherwise. */
export async function verifiedDays({ em }: Transaction, from: string): Promise<string[]> {
  const closings = await ledgerQueries(em)
    .selectFrom('etl_slices')
    .select(({ fn }) => ['day', 'state', fn.max('closed_at').as('closed')])
    .where('kind', '=', 'day')
    .where('day', '>=', from)
    .where('filters', 'is', null)
    .where('session_limit', 'is', null)
    .where('state', 'in', ['verified', 'unverified'])
    .groupBy(['day', 'state'])
    .execute();
  const lastDoubt = new Map(
    closings.filter(({ state }) => state === 'unverified').map(({ day, closed }) => [day, closed]),
  );
  return closings
    .filter(({ day, state, closed }) => state === 'verified' && (closed ?? '') >= (lastDoubt.get(day) ?? ''))
    .flatMap(({ day }) => day ?? [])
    .sort();
}

/** `etl_versions.key` is text; PostgreSQL compares its `uuid` with nothing else. */
const sessionId = {
  sqlite: sql.ref<string>('version.key'),
  postgresql: sql<string>`cast(${sql.ref('version.key')} as uuid)`,
} as const satisfies Record<Dialect, unknown>;

const bareSessionId = sql<string>`replace(${sql.ref('version.key')}, '-', '')`;

async function unprocessedDays({ em, catalog }: Transaction, dialect: Dialect, from: string): Promise<string[]> {
  const bare = holdsBareUuids(catalog.get('sessions')?.columns.get('id'));
  const days = await ledgerQueries(em)
    .selectFrom('etl_versions as version')
    .innerJoin('sessions', (join) => join.on('sessions.id', '=', bare ? bareSessionId : sessionId[dialect]))
    .select('version.listed_day')
    .distinct()
    .where('version.entity', '=', 'session')
    .where('version.listed_day', '>=', from)
    .where('sessions.is_processed', '=', sql.lit(false))
    .where('sessions._etl_deleted_at', 'is', null)
    .orderBy('version.listed_day')
    .execute();
  return days.flatMap(({ listed_day }) => listed_day ?? []);
}
