import { sql } from 'kysely';

import type { PlanState } from '#contracts';

import type { Dialect } from '../dialects/connection.js';
import { holdsBareUuids } from '../merge/bare-uuids.js';
import type { Transaction } from '../transaction.js';
import { dayStandings, type DayStanding } from './coverage.js';
import { daysBefore } from './instants.js';
import { ledgerQueries } from './rows.js';
import { readState } from './state.js';
import { dueUnknown } from './unknown-details.js';

/** Days before today (UTC) that are searched for unprocessed sessions: a week and what time zones may add. */
const UNPROCESSED_DAYS = 8;

/** What planning needs to know, from the day asked about. */
export async function planStateOf(tx: Transaction, dialect: Dialect, from: string, now: Date): Promise<PlanState> {
  const { tick } = await ledgerQueries(tx.em)
    .selectFrom('etl_runs')
    .select(({ fn }) => fn.max('tick').as('tick'))
    .executeTakeFirstOrThrow();
  const standings = await dayStandings(tx, { from });
  return {
    startDate: await readState(tx, 'start_date'),
    verified: standings.filter(({ standing }) => standing === 'verified').map(counted),
    onlyDetails: standings.filter(({ onlyDetails }) => onlyDetails).map(counted),
    dueUnknown: await dueUnknown(tx, now),
    unprocessedDays: await unprocessedDays(tx, dialect, daysBefore(now, UNPROCESSED_DAYS)),
    categoriesWatermark: await readState(tx, 'categories_watermark'),
    lastTick: tick,
  };
}

function counted({ day, count }: DayStanding): { day: string; count: number } {
  return { day, count };
}

/** `etl_versions.key` is text; PostgreSQL compares its `uuid` with nothing else, MariaDB finds ASCII by ASCII alone. */
const sessionId = {
  sqlite: sql.ref<string>('version.key'),
  postgresql: sql<string>`cast(${sql.ref('version.key')} as uuid)`,
  mariadb: sql<string>`convert(${sql.ref('version.key')} using ascii)`,
  mssql: sql<string>`try_cast(${sql.ref('version.key')} as uniqueidentifier)`,
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
    .where('sessions.is_processed', '=', dialect === 'mssql' ? sql<boolean>`0` : sql.lit(false))
    .where('sessions._etl_deleted_at', 'is', null)
    .orderBy('version.listed_day')
    .execute();
  return days.flatMap(({ listed_day }) => listed_day ?? []);
}
