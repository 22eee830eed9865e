import type { ExpressionBuilder } from 'kysely';
import { z } from 'zod';

import { detail, type AskedSessions, type Detail } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { retryAt } from './retry.js';
import { subjectOf } from './slice-rows.js';
import { Keys, ledgerQueries, Unknown, type LedgerDatabase, type LedgerRow } from './rows.js';

type UnknownRow = LedgerRow<'etl_unknown'>;

/** The attempt that closes a slice of sessions of one day. */
export interface Reading {
  readonly sliceId: string;
  readonly attempt: string;
  readonly day: string;
}

interface Missing {
  readonly key: string;
  readonly document: Detail;
  readonly reason: string | null;
}

/** Rows of one statement. */
const CHUNK = 5_000;

/**
 * Notes the details a listing left unknown, and forgets those it brought: of all sessions of the day where it held
 * the whole of it, as ET counted, otherwise of the sessions it held.
 */
export async function noteListed(tx: Transaction, reading: Reading, whole: boolean, now: Date): Promise<void> {
  const missing = await missingOf(tx, reading);
  const told = toldOf(reading, whole);
  const before = await ledgerQueries(tx.em)
    .selectFrom('etl_unknown')
    .select(['key', 'document', 'first_at'])
    .where(told)
    .execute();
  if (before.length > 0) await ledgerQueries(tx.em).deleteFrom('etl_unknown').where(told).execute();
  const firstAt = new Map(before.map((row) => [idOf(row), row.first_at]));
  const rows = missing.map((one) => ({
    ...firstRow(one, reading, now),
    first_at: firstAt.get(idOf(one)) ?? ledgerTime(now),
  }));
  for (let start = 0; start < rows.length; start += CHUNK) {
    await tx.writer.upsert(ledgerTarget('etl_unknown'), rows.slice(start, start + CHUNK), null);
  }
}

/** Forgets what single sessions were asked for and brought, or went with them; the rest was asked for in vain. */
export async function noteAskedAgain(
  tx: Transaction,
  reading: Reading,
  { sessions }: AskedSessions,
  now: Date,
): Promise<void> {
  const { sliceId: slice_id, attempt } = reading;
  const outcomes = new Map((await tx.em.find(Keys, { slice_id, attempt })).map(({ key, outcome }) => [key, outcome]));
  const missing = new Map((await missingOf(tx, reading)).map((one) => [idOf(one), one]));
  const asked = new Set(
    sessions.flatMap(({ id, documents }) => documents.map((document) => idOf({ key: id, document }))),
  );
  const known = await tx.em.find(Unknown, { key: { $in: [...outcomes.keys()] } });
  const answered = known.filter((row) => asked.has(idOf(row)) || outcomes.get(row.key) === 'gone');
  const [inVain, settled] = [
    answered.filter((row) => missing.has(idOf(row))),
    answered.filter((row) => !missing.has(idOf(row))),
  ];
  for (const [document, rows] of Map.groupBy(settled, (row) => row.document)) {
    await tx.em.nativeDelete(Unknown, { document, key: { $in: rows.map(({ key }) => key) } });
  }
  const next = inVain.map((row) => ({
    ...row,
    ...repeated(missing.get(idOf(row))?.reason ?? null, (row.tries ?? 0) + 1, now),
  }));
  if (next.length > 0) await tx.writer.upsert(ledgerTarget('etl_unknown'), next, null);
}

/** Notes candidates that their slice no longer asks after, so that they are asked after by themselves. */
export async function noteUnasked(
  tx: Transaction,
  slice: LedgerRow<'etl_slices'>,
  reason: string,
  now: Date,
): Promise<void> {
  const subject = subjectOf(slice);
  if (subject.kind !== 'sessions' || subject.why !== 'candidates') return;
  const place = { sliceId: slice.slice_id, day: subject.day };
  const rows = subject.sessions.map(({ id }) => ({
    ...firstRow({ key: id, document: 'detail', reason }, place, now),
    first_at: ledgerTime(now),
  }));
  await tx.writer.insertMissing(ledgerTarget('etl_unknown'), rows);
}

const reasons = z.partialRecord(detail, z.string());

async function missingOf({ em }: Transaction, { sliceId, attempt }: Reading): Promise<Missing[]> {
  const rows = await ledgerQueries(em)
    .selectFrom('etl_keys')
    .select(['key', 'reason'])
    .where('slice_id', '=', sliceId)
    .where('attempt', '=', attempt)
    .where('outcome', '=', 'unknown')
    .orderBy('key')
    .execute();
  return rows.flatMap(({ key, reason }) =>
    Object.entries(reasons.parse(JSON.parse(reason ?? '{}'))).map(([document, why]) => ({
      key,
      document: detail.parse(document),
      reason: why,
    })),
  );
}

/** Which rows a listing has something newer to say about. */
function toldOf({ sliceId, attempt, day }: Reading, whole: boolean) {
  return ({ eb, exists, or, selectFrom }: ExpressionBuilder<LedgerDatabase, 'etl_unknown'>) => {
    const answered = selectFrom('etl_keys as answer')
      .select('answer.key')
      .where('answer.slice_id', '=', sliceId)
      .where('answer.attempt', '=', attempt)
      .whereRef('answer.key', '=', 'etl_unknown.key');
    return or([exists(answered), ...(whole ? [eb('etl_unknown.day', '=', day)] : [])]);
  };
}

function firstRow({ key, document, reason }: Missing, { sliceId, day }: Omit<Reading, 'attempt'>, now: Date) {
  return { key, document, day, slice_id: sliceId, ...repeated(reason, 0, now) };
}

function repeated(
  reason: string | null,
  tries: number,
  now: Date,
): Pick<UnknownRow, 'reason' | 'tries' | 'asked_at' | 'next_at'> {
  return { reason, tries, asked_at: ledgerTime(now), next_at: retryAt(now, tries) };
}

function idOf({ key, document }: { key: string; document: string }): string {
  return `${key} ${document}`;
}
