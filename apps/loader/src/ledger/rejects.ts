import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';

import { MOST_REJECTS, rejectSummary, type RejectDetail, type RejectFilter, type RejectSummary } from '#contracts';

import type { Transaction } from '../transaction.js';
import { isoInstant, ledgerTime } from './instants.js';
import { ledgerQueries, Slices } from './rows.js';
import { sliceOf } from './slice-rows.js';

const ID_DIGITS = 12;
const MOST_IDS = 10;

/** The latest rejects that fit, and how many there are of them. */
export async function rejectsOf(
  tx: Transaction,
  filter: RejectFilter,
): Promise<{ rejects: RejectSummary[]; total: number }> {
  const all = await summaries(tx, filter);
  const part = filter.reason?.toLowerCase();
  const found = part === undefined ? all : all.filter(({ reason }) => reason.toLowerCase().includes(part));
  return { rejects: found.slice(0, MOST_REJECTS), total: found.length };
}

/** The one reject whose id begins so, with its raw form; without one, the ids that do. */
export async function rejectOf(tx: Transaction, id: string): Promise<{ ids: string[]; reject: RejectDetail | null }> {
  const found = (await summaries(tx, {})).filter((reject) => reject.id.startsWith(id));
  const [one] = found;
  const ids = found.slice(0, MOST_IDS).map((reject) => reject.id);
  return { ids, reject: one && found.length === 1 ? await detailOf(tx, one) : null };
}

interface Summary extends RejectSummary {
  readonly attempt: string;
}

/** Raw forms are left where they are: a thousand of them would be many megabytes. */
async function summaries({ em }: Transaction, { since, runId }: RejectFilter): Promise<Summary[]> {
  const queries = ledgerQueries(em);
  let query = queries
    .selectFrom('etl_rejects as reject')
    .leftJoin('etl_slices as slice', 'slice.slice_id', 'reject.slice_id')
    .select(['reject.slice_id', 'reject.attempt', 'reject.key', 'reject.run_id', 'reject.entity', 'reject.reason'])
    .select(['reject.rejected_at', 'slice.day'])
    .orderBy('reject.rejected_at', 'desc')
    .orderBy('reject.key');
  if (since !== undefined) query = query.where('reject.rejected_at', '>=', ledgerTime(new Date(since)));
  if (runId !== undefined) query = query.where('reject.run_id', '=', runId);
  const empty = await queries
    .selectFrom('etl_rejects')
    .select(['slice_id', 'attempt', 'key'])
    .where('raw', 'is', null)
    .execute();
  const withoutRaw = new Set(empty.map(idOf));
  return (await query.execute()).map((row) => ({
    id: idOf(row),
    entity: rejectSummary.shape.entity.parse(row.entity),
    key: row.key,
    day: row.day,
    runId: row.run_id ?? '',
    sliceId: row.slice_id,
    attempt: row.attempt,
    reason: row.reason ?? '',
    rejectedAt: isoInstant(row.rejected_at ?? ''),
    hasRaw: !withoutRaw.has(idOf(row)),
  }));
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
