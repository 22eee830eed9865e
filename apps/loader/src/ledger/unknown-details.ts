import { detail, MOST_DUE, MOST_UNKNOWN, type AskedSession, type Gaps, type PlanState } from '#contracts';

import type { Transaction } from '../transaction.js';
import { isoInstant, ledgerTime } from './instants.js';
import { Unknown, type LedgerRow } from './rows.js';

type UnknownRow = LedgerRow<'etl_unknown'>;

/** Details whose time to be asked for again has come, by day, the newest day first. */
export async function dueUnknown({ em }: Transaction, now: Date): Promise<PlanState['dueUnknown']> {
  const order = { day: 'desc', key: 'asc', document: 'asc' } as const;
  const options = { orderBy: order, limit: MOST_DUE, disableIdentityMap: true };
  const due = await em.find(Unknown, { next_at: { $lte: ledgerTime(now) } }, options);
  return [...Map.groupBy(due, ({ day }) => day ?? '')].map(([day, rows]) => ({ day, sessions: askedSessions(rows) }));
}

/**
 * What the gaps tell of unknown details: so many by name, and how many there are. A heal asks for those named: they
 * are the ones asked for longest ago, so that the next heal comes to the others whatever ET says to these.
 */
export async function unknownGaps(
  { em }: Transaction,
  most = MOST_UNKNOWN,
): Promise<Pick<Gaps, 'unknown' | 'unknownTotal'>> {
  const order = { asked_at: 'asc', day: 'asc', key: 'asc', document: 'asc' } as const;
  // Thousands of rows that nobody changes need not be watched for changes.
  const options = { orderBy: order, limit: most, disableIdentityMap: true };
  const [rows, unknownTotal] = await em.findAndCount(Unknown, {}, options);
  const unknown = rows.sort(byDay).map(({ key, day, document, reason, tries, next_at }) => ({
    id: key,
    day: day ?? '',
    document: detail.parse(document),
    reason: reason ?? '',
    tries: tries ?? 0,
    nextAt: isoInstant(next_at ?? ''),
  }));
  return { unknown, unknownTotal };
}

function byDay(a: UnknownRow, b: UnknownRow): number {
  const [one, other] = [a, b].map(({ day, key, document }) => `${day} ${key} ${document}`) as [string, string];
  return one < other ? -1 : 1;
}

function askedSessions(rows: readonly UnknownRow[]): AskedSession[] {
  return [...Map.groupBy(rows, ({ key }) => key)].map(([id, own]) => ({
    id,
    documents: own.map(({ document }) => detail.parse(document)),
  }));
}
