import { z } from 'zod';

import { detail, type AskedSessions, type Detail } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { answeredKeys } from './outcomes.js';
import { retryAt } from './retry.js';
import { subjectOf } from './slice-rows.js';
import { Keys, ledgerQueries, Unknown, type LedgerRow } from './rows.js';

type UnknownRow = LedgerRow<'etl_unknown'>;
type Noted = Pick<UnknownRow, 'key' | 'document'>;

/** The attempt that closes a slice of sessions of one day. */
export interface Reading {
  readonly sliceId: string;
  readonly attempt: string;
  readonly day: string;
}

/** A detail that could not be had, and why. */
export interface Missing {
  readonly key: string;
  readonly document: Detail;
  readonly reason: string | null;
}

/** Rows of one statement that writes them, and keys of one that names them: SQL Server takes 2,100 parameters. */
const ROWS = 5_000;
const KEYS = 1_000;

/**
 * Notes the details a listing left unknown, and forgets what was unknown of the day before: all of it where the listing
 * held the whole day, as ET counted, otherwise that of the sessions it held.
 */
export async function noteListed(tx: Transaction, reading: Reading, whole: boolean, now: Date): Promise<void> {
  const missing = await missingOf(tx, reading);
  const before = await ledgerQueries(tx.em)
    .selectFrom('etl_unknown')
    .select(['key', 'document', 'first_at'])
    .where('day', '=', reading.day)
    .execute();
  if (before.length > 0) await forget(tx, reading, whole, before);
  const firstAt = new Map(before.map((row) => [idOf(row), row.first_at]));
  const rows = missing.map((one) => {
    return { ...firstRow(one, reading, now), first_at: firstAt.get(idOf(one)) ?? ledgerTime(now) };
  });
  for (const part of chunks(rows, ROWS)) await tx.writer.upsert(ledgerTarget('etl_unknown'), part, null);
}

async function forget(tx: Transaction, reading: Reading, whole: boolean, rows: readonly Noted[]): Promise<void> {
  if (whole) {
    await tx.em.nativeDelete(Unknown, { day: reading.day });
    return;
  }
  const answered = await answeredKeys(tx, reading.sliceId, reading.attempt);
  await remove(
    tx,
    rows.filter(({ key }) => answered.has(key)),
  );
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
  await remove(tx, settled);
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
  const missing = subject.sessions.map(({ id }): Missing => ({ key: id, document: 'detail', reason }));
  await noteMissing(tx, place, missing, now);
}

/** Notes details that are missing, beside those noted of the day before. */
export async function noteMissing(
  tx: Transaction,
  place: Omit<Reading, 'attempt'>,
  missing: readonly Missing[],
  now: Date,
): Promise<void> {
  if (missing.length === 0) return;
  const rows = missing.map((one) => ({ ...firstRow(one, place, now), first_at: ledgerTime(now) }));
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

async function remove({ em }: Transaction, rows: readonly Noted[]): Promise<void> {
  for (const [document, own] of Map.groupBy(rows, (row) => row.document)) {
    for (const part of chunks(own, KEYS)) {
      await em.nativeDelete(Unknown, { document, key: { $in: part.map(({ key }) => key) } });
    }
  }
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

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
