import type { DeleteMode } from '#config';
import { MAX_ASKED_SESSIONS, type PlannedSlice } from '#contracts';

import { TOMBSTONE } from '../ledger-tables.js';
import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { ledgerTime } from './instants.js';
import { answeredKeys } from './outcomes.js';
import { HeldDeletes, ledgerQueries, type LedgerRow } from './rows.js';
import { sliceRow, sliceOf } from './slice-rows.js';

type SliceRow = LedgerRow<'etl_slices'>;

/** What becomes of sessions that ET no longer has, and how many of a day may be looked for unasked. */
export interface DeletePolicy {
  readonly mode: DeleteMode;
  /** Of the day's sessions; 0 to 1. */
  readonly maxRatio: number;
}

/** So many may always be asked after, however few sessions a day has. */
const ALWAYS = 20;

/** What a counted listing of a whole day led to. */
export interface Candidates {
  /** Slices that ask after sessions no longer listed, planned for the run of the day's slice. */
  readonly asked: number;
  /** Sessions not asked after, because they are too many. */
  readonly held: number;
}

/**
 * Looks for sessions that belong to the day and that the closing attempt's listing did not hold, and plans to ask ET
 * after each of them. Where they are too many for a mistake of ET's to be ruled out, that is noted instead. The caller
 * has a listing that agrees with ET's count, and still holds its keys.
 */
export async function planCandidates(
  tx: Transaction,
  slice: SliceRow,
  attempt: string,
  { mode, maxRatio }: DeletePolicy,
  now: Date,
): Promise<Candidates> {
  const day = slice.day ?? '';
  await tx.em.nativeDelete(HeldDeletes, { day });
  if (mode === 'ignore') return { asked: 0, held: 0 };
  // Told apart here, for databases without statistics of the keys may take minutes to join them.
  const known = await knownKeys(tx, day);
  const listed = await answeredKeys(tx, slice.slice_id, attempt);
  const keys = known.filter((key) => !listed.has(key));
  if (keys.length === 0) return { asked: 0, held: 0 };
  if (!slice.allow_deletes && keys.length > mayBeAsked(known.length, maxRatio)) {
    const held = { candidates: keys.length, sessions: known.length, held_at: ledgerTime(now) };
    await tx.em.insert(HeldDeletes, { day, ...held });
    return { asked: 0, held: keys.length };
  }
  const slices = candidateSlices(sliceOf(slice), day, keys);
  const rows = slices.map((one) => sliceRow(slice.run_id ?? '', one, ledgerTime(now)));
  await tx.writer.insertMissing(ledgerTarget('etl_slices'), rows);
  return { asked: slices.length, held: 0 };
}

/** Pure: how many sessions may be asked after without anybody's word for it. */
export function mayBeAsked(sessions: number, maxRatio: number): number {
  return Math.max(ALWAYS, Math.floor(sessions * maxRatio));
}

/** Pure: the slices that ask after these sessions, for a day's slice. */
export function candidateSlices(
  { sliceId, lane }: Pick<PlannedSlice, 'sliceId' | 'lane'>,
  day: string,
  keys: readonly string[],
): PlannedSlice[] {
  return Array.from({ length: Math.ceil(keys.length / MAX_ASKED_SESSIONS) }, (_, index) => {
    const part = keys.slice(index * MAX_ASKED_SESSIONS, (index + 1) * MAX_ASKED_SESSIONS);
    const sessions = part.map((id) => ({ id, documents: [] }));
    const subject = { kind: 'sessions', day, why: 'candidates', sessions } as const;
    return { sliceId: `${sliceId}:c${index}`, lane, subject };
  });
}

/** Sessions the day's listings last held, as far as they are not gone. */
async function knownKeys({ em }: Transaction, day: string): Promise<string[]> {
  const rows = await ledgerQueries(em)
    .selectFrom('etl_versions')
    .select('key')
    .where('entity', '=', 'session')
    .where('listed_day', '=', day)
    .where(({ eb, or }) => or([eb('root_hash', 'is', null), eb('root_hash', '<>', TOMBSTONE)]))
    .orderBy('key')
    .execute();
  return rows.map(({ key }) => key);
}
