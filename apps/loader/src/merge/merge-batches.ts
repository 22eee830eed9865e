import { dictionaries, type BatchIdentity, type RowBatch } from '#contracts';

import type { Transactions } from '../database.js';
import { DataFault } from '../dialects/faults.js';
import { ledgerTime } from '../ledger/instants.js';
import type { Transaction } from '../transaction.js';
import { withBareUuids } from './bare-uuids.js';
import { combine, readBatch, type Entry, type ReadBatch } from './entries.js';
import { findFaulty } from './faulty.js';
import { admit, noteAnswers, type Rejected } from './ledger.js';
import { forgetRawForms } from './raw-forms.js';
import { writeRows } from './rows.js';
import { settleRejects } from './settled-rejects.js';
import type { DeleteChoice } from './tombstones.js';
import { decideVersions } from './versions.js';
import type { Written } from './written.js';

/** What one merge did. */
export interface MergeResult {
  /** Applied now; the other batches had been applied before. */
  readonly applied: readonly BatchIdentity[];
  /** Documents newer than those stored, and those of them whose content differed. */
  readonly accepted: number;
  readonly changed: number;
  /** Rows inserted, updated and deleted, by table of the warehouse. */
  readonly written: Readonly<Record<string, number>>;
  /** Sessions and items the database did not take: entity and key, and why, without values. */
  readonly rejected: readonly { readonly entry: string; readonly reason: string }[];
}

/** How often faulty entries are looked for before the merge gives up. */
const ROUNDS = 3;

/** What becomes of deleted sessions where nothing else is chosen. */
const usually: DeleteChoice = { mode: 'mark', keepTexts: false };

/** One try: what it is made of, and what is known of it before. */
interface Merging {
  readonly at: Date;
  /** The same as the ledger writes it. */
  readonly now: string;
  readonly deletes: DeleteChoice;
}

/**
 * Merges batches of one lane in one transaction, ledger included. Batches may come in any order and any number of
 * times. Entries the database does not take are found and set aside, everything else is loaded. Throws
 * `TransientError` (outside) where the database is away, and `DataFault` where no single entry is to blame.
 */
export async function mergeBatches(
  database: Transactions,
  batches: readonly RowBatch[],
  now: Date,
  deletes: DeleteChoice = usually,
): Promise<MergeResult> {
  const merging: Merging = { at: now, now: ledgerTime(now), deletes };
  const read = batches.map(readBatch);
  const rejected = new Map(read.flatMap(({ faults }) => [...faults]));
  for (let round = 1; ; round += 1) {
    try {
      return await database.transaction((tx) => apply(tx, read, rejected, merging));
    } catch (error) {
      if (!(error instanceof DataFault) || round > ROUNDS) throw error;
      const suspects = combine(read.flatMap(({ entries }) => entries)).filter(({ id }) => !rejected.has(id));
      const faulty = await findFaulty(database, suspects, (tx, some) => write(tx, some, merging));
      for (const [id, reason] of faulty) rejected.set(id, reason);
    }
  }
}

async function apply(
  tx: Transaction,
  read: readonly ReadBatch[],
  rejected: Rejected,
  merging: Merging,
): Promise<MergeResult> {
  const fresh = await admit(tx, read, rejected, merging.now);
  const entries = combine(fresh.flatMap((one) => one.entries)).filter(({ id }) => !rejected.has(id));
  const { accepted, changed, written } = await write(tx, entries, merging);
  await noteAnswers(tx, fresh, rejected, merging.now);
  await forgetRawForms(tx, fresh, rejected);
  await settleRejects(tx, fresh, rejected, merging.at);
  return {
    applied: fresh.map(({ batch }) => batch.identity),
    accepted,
    changed,
    written: Object.fromEntries(written),
    rejected: [...rejected].map(([entry, reason]) => ({ entry, reason })),
  };
}

async function write(
  tx: Transaction,
  entries: readonly Entry[],
  { now, deletes }: Merging,
): Promise<{ accepted: number; changed: number; written: Written }> {
  if (entries.length === 0) return { accepted: 0, changed: 0, written: new Map() };
  for (const dictionary of dictionaries) {
    if (entries.some(({ entity }) => entity === dictionary)) await tx.writer.serialise(`et-etl ${dictionary}`);
  }
  const decisions = await decideVersions(tx, entries);
  const writer = withBareUuids(tx.writer, tx.catalog);
  const written = await writeRows({ ...tx, writer }, decisions, now, deletes);
  return {
    accepted: decisions.reduce((sum, one) => sum + one.accepted.size, 0),
    changed: decisions.reduce((sum, one) => sum + one.changed.size, 0),
    written,
  };
}
