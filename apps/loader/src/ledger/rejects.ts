import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';

import { MOST_REJECTS, rejectSummary, type RejectDetail, type RejectFilter, type RejectSummary } from '#contracts';

import type { Transaction } from '../transaction.js';
import { isoInstant, ledgerTime } from './instants.js';
import { ledgerQueries, Slices } from './rows.js';
import { sliceOf } from './slice-rows.js';

const ID_DIGITS = 12;
const MOST_IDS = 10;

/** The latest rejects that fit, and how many fit. */
export async function rejectsOf(
  tx: Transaction,
  filter: RejectFilter,
): Promise<{ rejects: RejectSummary[]; total: number }> {
  const { after, ids } = filter;
  const part = filter.reason?.toLowerCase() ?? '';
  const wanted = ids && new Set(ids);
  const found = (await summaries(tx, filter)).filter(
    (reject) =>
      reject.reason.toLowerCase().includes(part) &&
      (wanted === undefined || wanted.has(reject.id)) &&
      (after === undefined || latestFirst(reject, after) > 0),
  );
  return { rejects: found.slice(0, MOST_REJECTS), total: found.length };
}

/**
 * The one reject whose id begins so, with its raw form; without one, the ids that do. Where its record's key is known,
 * no others are looked at.
 */
export async function rejectOf(
  tx: Transaction,
  { id, key }: { readonly id: string; readonly key?: string | undefined },
): Promise<{ ids: string[]; reject: RejectDetail | null }> {
  const found = (await summaries(tx, { key })).filter((reject) => reject.id.startsWith(id));
  const [one] = found;
  const ids = found.slice(0, MOST_IDS).map((reject) => reject.id);
  return { ids, reject: one && found.length === 1 ? await detailOf(tx, one) : null };
}

interface Summary extends RejectSummary {
  readonly attempt: string;
}

/** Raw forms are left where they are: a thousand of them would be many megabytes. */
async function summaries(
  { em }: Transaction,
  { since, runId, key }: RejectFilter & { readonly key?: string | undefined },
): Promise<Summary[]> {
  let query = ledgerQueries(em)
    .selectFrom('etl_rejects as reject')
    .leftJoin('etl_slices as slice', 'slice.slice_id', 'reject.slice_id')
    .select(['reject.slice_id', 'reject.attempt', 'reject.key', 'reject.run_id', 'reject.entity', 'reject.reason'])
    .select(['reject.rejected_at', 'slice.day'])
    .select(({ case: when, lit }) =>
      when().when('reject.raw', 'is', null).then(lit(0)).else(lit(1)).end().as('has_raw'),
    );
  if (since !== undefined) query = query.where('reject.rejected_at', '>=', ledgerTime(new Date(since)));
  if (runId !== undefined) query = query.where('reject.run_id', '=', runId);
  if (key !== undefined) query = query.where('reject.key', '=', key);
  const rows = (await query.execute()).map((row) => ({
    id: idOf(row),
    entity: rejectSummary.shape.entity.parse(row.entity),
    key: row.key,
    day: row.day,
    runId: row.run_id ?? '',
    sliceId: row.slice_id,
    attempt: row.attempt,
    reason: row.reason ?? '',
    rejectedAt: isoInstant(row.rejected_at ?? ''),
    hasRaw: Number(row.has_raw) === 1,
  }));
  return rows.sort(latestFirst);
}

type Moment = Pick<RejectSummary, 'rejectedAt' | 'id'>;

/** Those of one moment by their id, so that a listing can be gone on with. */
function latestFirst(one: Moment, other: Moment): number {
  return other.rejectedAt.localeCompare(one.rejectedAt) || one.id.localeCompare(other.id);
}

async function detailOf({ em }: Transaction, { attempt, ...summary }: Summary): Promise<RejectDetail | null> {
  const { sliceId, key } = summary;
  const slice = await em.findOne(Slices, { slice_id: sliceId });
  const row = await ledgerQueries(em)
    .selectFrom('etl_rejects')
    .select(['raw', 'form', 'version'])
    .where('slice_id', '=', sliceId)
    .where('attempt', '=', attempt)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!slice || !row) return null;
  return {
    ...summary,
    slice: sliceOf(slice),
    attempt,
    form: row.form === 'raw' || row.form === 'rows' ? row.form : null,
    version: row.version === null ? null : Number(row.version),
    raw: row.raw === null ? null : zstdDecompressSync(row.raw).toString('utf8'),
  };
}

/** Of the key of its row, so that nothing has to be stored for it. */
function idOf({ slice_id, attempt, key }: { slice_id: string; attempt: string; key: string }): string {
  return createHash('sha256').update(`${slice_id}\n${attempt}\n${key}`).digest('hex').slice(0, ID_DIGITS);
}
