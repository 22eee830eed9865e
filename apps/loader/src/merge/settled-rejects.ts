import { TOMBSTONE } from '../ledger-tables.js';
import { noteReplayed } from '../ledger/note-replayed.js';
import { ledgerQueries } from '../ledger/rows.js';
import type { Transaction } from '../transaction.js';
import { entryId, type ReadBatch } from './entries.js';
import type { Rejected } from './ledger.js';

/** More parameters than this do not fit into a statement everywhere. */
const MOST_KEYS = 1000;

/**
 * Rejects end where their record is loaded: by a replay of that very reject, or by a newer answer of ET's, whichever
 * of the two came first.
 */
export async function settleRejects(
  tx: Transaction,
  read: readonly ReadBatch[],
  rejected: Rejected,
  now: Date,
): Promise<void> {
  for (const { batch } of read) {
    if (!batch.identity.replay) continue;
    for (const answered of batch.answered) {
      const again = answered.outcome === 'rejected' || rejected.has(entryId(batch.entity, answered.key));
      if (!again) await noteReplayed(tx, batch.identity, answered, now);
    }
  }
  if (!(await hasRejects(tx))) return;
  for (const [entity, own] of Map.groupBy(read, ({ batch }) => batch.entity)) {
    const keys = [...new Set(own.flatMap(({ batch }) => batch.answered.map(({ key }) => key)))];
    for (let from = 0; from < keys.length; from += MOST_KEYS) {
      await ledgerQueries(tx.em)
        .deleteFrom('etl_rejects')
        .where('key', 'in', keys.slice(from, from + MOST_KEYS))
        .where('entity', '=', entity)
        .where(({ exists, selectFrom }) =>
          exists(
            selectFrom('etl_versions')
              .select('etl_versions.key')
              .whereRef('etl_versions.key', '=', 'etl_rejects.key')
              .whereRef('etl_versions.entity', '=', 'etl_rejects.entity')
              .whereRef('etl_versions.root_version', '>', 'etl_rejects.version')
              .where('etl_versions.root_hash', '<>', TOMBSTONE),
          ),
        )
        .execute();
    }
  }
}

/** Nearly always there is none, and then a long list of keys need not be asked about. */
async function hasRejects({ em }: Transaction): Promise<boolean> {
  const found = await ledgerQueries(em)
    .selectFrom('etl_rejects')
    .select(({ fn }) => fn.max('key').as('key'))
    .executeTakeFirst();
  return (found?.key ?? null) !== null;
}
