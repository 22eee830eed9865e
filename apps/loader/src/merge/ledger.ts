import { zstdCompressSync } from 'node:zlib';

import { MAX_RAW_BYTES, outcomes, type Answered, type Reject, type RowBatch } from '#contracts';

import type { Transaction } from '../transaction.js';
import { entryId, type ReadBatch } from './entries.js';
import type { StoredRow } from './row-writer.js';
import { notStored } from './standing-keys.js';
import { ledgerTarget } from './targets.js';

/** Reasons by entry id, for entries that are not to be loaded. */
export type Rejected = ReadonlyMap<string, string>;

/** Notes the batches as applied; returns those that were not there before. */
export async function admit(
  tx: Transaction,
  batches: readonly ReadBatch[],
  rejected: Rejected,
  now: string,
): Promise<ReadBatch[]> {
  const rows = new Map(
    batches.map((read) => {
      const left = notStored(
        read.entries.filter(({ id }) => !rejected.has(id)),
        tx.catalog,
      );
      return [batchId(inboxKey(read.batch)), inboxRow(read.batch, rejected, left, now)];
    }),
  );
  const added = await tx.writer.insertMissing(ledgerTarget('etl_inbox'), sorted(rows));
  const fresh = new Set(added.map(batchId));
  return batches.filter(({ batch }) => fresh.delete(batchId(inboxKey(batch))));
}

/** One row a key answered for, the best of several outcomes, and the raw form of every reject. */
export async function noteAnswers(
  tx: Transaction,
  batches: readonly ReadBatch[],
  rejected: Rejected,
  now: string,
): Promise<void> {
  const keys = new Map<string, StoredRow>();
  const rejects = new Map<string, StoredRow>();
  for (const { batch } of batches) {
    for (const answered of batch.answered) {
      const reason = rejected.get(entryId(batch.entity, answered.key));
      const row = keyRow(batch, answered, reason);
      const id = batchId(row);
      const held = keys.get(id);
      if (!held || String(row['outcome']) < String(held['outcome'])) keys.set(id, row);
      if (reason === undefined) continue;
      rejects.set(id, rejectRow(batch, refused(answered, reason), 'rows', now));
    }
    for (const reject of batch.rejects) {
      const row = rejectRow(batch, reject, 'raw', now);
      rejects.set(batchId(row), row);
    }
  }
  if (keys.size > 0) await tx.writer.keepLeast(ledgerTarget('etl_keys'), 'outcome', sorted(keys));
  if (rejects.size > 0) await tx.writer.upsert(ledgerTarget('etl_rejects'), sorted(rejects), null);
}

function inboxKey({ identity: { slice, attempt, page, number, sha } }: RowBatch): StoredRow {
  return { slice_id: slice.sliceId, attempt, page, number, sha };
}

function inboxRow(batch: RowBatch, rejected: Rejected, left: Record<string, number>, now: string): StoredRow {
  const { answered, entity, unknownFields, cleaned } = batch;
  const given = answered.map(({ key, outcome }) => (rejected.has(entryId(entity, key)) ? 'rejected' : outcome));
  const figures = outcomes.map((outcome) => [outcome, given.filter((one) => one === outcome).length] as const);
  const counts = [...Object.values(unknownFields), ...Object.values(cleaned), ...Object.values(left)];
  const silent = counts.every((count) => count === 0);
  return {
    ...inboxKey(batch),
    answered: answered.length,
    ...Object.fromEntries(figures),
    notes: silent ? null : JSON.stringify({ unknownFields, cleaned, notStored: left }),
    loaded_at: now,
  };
}

function keyRow({ identity }: RowBatch, { key, outcome, unknown }: Answered, reason: string | undefined): StoredRow {
  const missing = unknown.map(({ document, reason }) => [document, reason] as const);
  return {
    slice_id: identity.slice.sliceId,
    attempt: identity.attempt,
    key,
    outcome: reason === undefined ? outcome : 'rejected',
    reason: reason ?? (missing.length > 0 ? JSON.stringify(Object.fromEntries(missing)) : null),
  };
}

/** What the database did not take, as the transformer told it. */
function refused(answered: Answered, reason: string): Reject {
  const versions = answered.documents.map(({ version }) => version);
  const raw = JSON.stringify(answered).slice(0, MAX_RAW_BYTES);
  return { key: answered.key, reason, raw, ...(versions.length > 0 ? { version: Math.max(...versions) } : {}) };
}

function rejectRow({ identity, entity }: RowBatch, reject: Reject, form: 'raw' | 'rows', now: string): StoredRow {
  return {
    slice_id: identity.slice.sliceId,
    attempt: identity.attempt,
    key: reject.key,
    run_id: identity.slice.runId,
    entity,
    reason: reject.reason,
    raw: zstdCompressSync(reject.raw).toString('base64'),
    form,
    version: reject.version ?? null,
    rejected_at: now,
  };
}

function batchId({ slice_id, attempt, page, number, sha, key }: StoredRow): string {
  return [slice_id, attempt, page, number, sha, key].join('\n');
}

/** In the order of their keys: two transactions that write the same rows wait for each other instead of deadlocking. */
function sorted(rows: ReadonlyMap<string, StoredRow>): StoredRow[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}
