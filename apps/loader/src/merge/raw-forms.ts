import { TOMBSTONE } from '../ledger-tables.js';
import { ledgerQueries } from '../ledger/rows.js';
import type { Transaction } from '../transaction.js';
import type { ReadBatch } from './entries.js';
import type { Rejected } from './ledger.js';

/** More parameters than this do not fit into a statement everywhere. */
const MOST_KEYS = 1000;

/**
 * Empties the raw forms of rejects of sessions that are gone. A reject carries no version, so one that comes after the
 * tombstone counts as older; its reason stays.
 */
export async function forgetRawForms(
  { em }: Transaction,
  read: readonly ReadBatch[],
  rejected: Rejected,
): Promise<void> {
  const keys = [...new Set(read.flatMap((one) => suspects(one, rejected)))];
  for (let from = 0; from < keys.length; from += MOST_KEYS) {
    await ledgerQueries(em)
      .updateTable('etl_rejects')
      .set({ raw: null })
      .where('key', 'in', keys.slice(from, from + MOST_KEYS))
      .where('entity', '=', 'session')
      .where('raw', 'is not', null)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('etl_versions')
            .select('etl_versions.key')
            .whereRef('etl_versions.key', '=', 'etl_rejects.key')
            .where('etl_versions.entity', '=', 'session')
            .where('etl_versions.root_hash', '=', TOMBSTONE),
        ),
      )
      .execute();
  }
}

/** Sessions of which there may be a raw form and a tombstone. */
function suspects({ batch, entries }: ReadBatch, rejected: Rejected): string[] {
  if (batch.entity !== 'session') return [];
  return [
    ...batch.answered.filter(({ gone }) => gone !== undefined).map(({ key }) => key),
    ...batch.rejects.map(({ key }) => key),
    ...entries.filter(({ id }) => rejected.has(id)).map(({ key }) => key),
  ];
}
