import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';

import { lane as laneSchema, queueOf, stages } from '#contracts';
import { deadLetterOf, type DeadLetter, type Envelope, type Route } from '#messaging';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { isoInstant, ledgerTime } from './instants.js';
import { reopenSlices } from './reopen-slices.js';
import { ledgerQueries, type LedgerRow } from './rows.js';

const MOST_KEYS = 1_000;

/** Keeps a dead letter of the process that does it all; the same message twice is one. */
export async function keepDeadLetter(tx: Transaction, route: Route, envelope: Envelope): Promise<void> {
  const letter = deadLetterOf(route, envelope);
  const { contentEncoding, correlationId, headers } = envelope;
  const row = {
    id: letter.id,
    stage: letter.stage,
    lane: letter.lane,
    service: letter.service,
    message_id: letter.messageId,
    run_id: letter.runId,
    slice_id: letter.sliceId,
    attempt: letter.attempt,
    redriven: letter.redriven,
    reason: letter.reason,
    error_class: letter.errorClass,
    first_failed_at: letter.firstFailedAt && ledgerTime(new Date(letter.firstFailedAt)),
    dead_at: letter.deadAt && ledgerTime(new Date(letter.deadAt)),
    headers: JSON.stringify({ contentEncoding, correlationId, headers }),
    body: zstdCompressSync(envelope.body).toString('base64'),
    body_bytes: letter.bytes,
  };
  await tx.writer.upsert(ledgerTarget('etl_dead_letters'), [row], null);
}

/** All of them, queue by queue, oldest first. */
export async function deadLetters({ em }: Transaction): Promise<DeadLetter[]> {
  const rows = await ledgerQueries(em)
    .selectFrom('etl_dead_letters')
    .select(['id', 'stage', 'lane', 'service', 'message_id', 'run_id', 'slice_id', 'attempt', 'redriven', 'reason'])
    .select(['error_class', 'first_failed_at', 'dead_at', 'body_bytes'])
    .orderBy('dead_at')
    .orderBy('id')
    .execute();
  const order = stages.map(({ stage }) => stage);
  return rows.map(letterOf).sort((a, b) => order.indexOf(a.stage) - order.indexOf(b.stage));
}

/** The message itself; undefined where it is there no longer, or its body is not. */
export async function openDeadLetter({ em }: Transaction, id: string): Promise<Envelope | undefined> {
  const row = await ledgerQueries(em)
    .selectFrom('etl_dead_letters')
    .select(['message_id', 'attempt', 'headers', 'body'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row?.body) return undefined;
  const said = JSON.parse(row.headers ?? '{}') as Partial<Envelope>;
  return {
    messageId: row.message_id ?? '',
    body: zstdDecompressSync(row.body),
    contentEncoding: said.contentEncoding,
    correlationId: said.correlationId,
    attempt: row.attempt ?? 0,
    headers: said.headers ?? {},
  };
}

/** Takes these away, and gives those that were still there. */
export async function discardDeadLetters(tx: Transaction, letters: readonly DeadLetter[]): Promise<DeadLetter[]> {
  const present = new Set((await deadLetters(tx)).map(({ id }) => id));
  const taken = letters.filter(({ id }) => present.has(id));
  for (let from = 0; from < taken.length; from += MOST_KEYS) {
    const ids = taken.slice(from, from + MOST_KEYS).map(({ id }) => id);
    await ledgerQueries(tx.em).deleteFrom('etl_dead_letters').where('id', 'in', ids).execute();
  }
  return taken;
}

/**
 * The queues of one process end with it, so there is nothing to send to: what the letters are of is read again, and the
 * letters are gone, both in this one transaction. Letters that name no slice stay. Gives the runs that are open now.
 */
export async function readAgain(
  tx: Transaction,
  letters: readonly DeadLetter[],
  now: Date,
): Promise<{ taken: DeadLetter[]; runIds: string[]; reopened: number }> {
  const taken = await discardDeadLetters(
    tx,
    letters.filter(({ sliceId }) => sliceId !== null),
  );
  const again = await reopenSlices(
    tx,
    taken.flatMap(({ sliceId }) => sliceId ?? []),
    'planned',
    now,
  );
  return { taken, ...again };
}

function letterOf(row: Omit<LedgerRow<'etl_dead_letters'>, 'headers' | 'body'>): DeadLetter {
  const stage = stages.find((known) => known.stage === row.stage)?.stage;
  if (!stage) throw new Error(`a dead letter of a stage that is not known: ${row.stage}`);
  const lane = row.lane === null ? null : laneSchema.parse(row.lane);
  return {
    id: row.id,
    stage,
    lane,
    queue: queueOf(stage, lane),
    service: row.service ?? '',
    messageId: row.message_id ?? '',
    attempt: row.attempt ?? 0,
    reason: row.reason ?? '',
    errorClass: row.error_class ?? '',
    runId: row.run_id,
    sliceId: row.slice_id,
    firstFailedAt: row.first_failed_at && isoInstant(row.first_failed_at),
    deadAt: row.dead_at && isoInstant(row.dead_at),
    redriven: row.redriven ?? 0,
    bytes: row.body_bytes ?? 0,
  };
}
