import type { RowBatch } from '#contracts';
import { createLogger } from '#observability';

import { Database } from '../../../apps/loader/src/database.js';
import { mergeBatches } from '../../../apps/loader/src/merge/merge-batches.js';
import type { Transaction } from '../../../apps/loader/src/transaction.js';
import type { FreshDatabase } from '../../support/databases.js';
import type { Dialect } from '../../support/suites.js';
import { entityManager } from './entity-manager.js';

/** Something that loads what goes into one transaction. */
export interface Loader {
  load(batches: readonly RowBatch[]): Promise<unknown>;
  close(): Promise<void>;
}

/** A way of loading into a database whose tables are there. */
export type Open = (fresh: FreshDatabase) => Promise<Loader>;

export const logger = createLogger('bench', 'silent');

export const openProduct: Open = async ({ settings }) => {
  const database = await Database.open(settings, logger, []);
  await database.learnCatalog();
  return { load: (batches) => mergeBatches(database, batches, new Date()), close: () => database.close() };
};

type SqlCalls = Omit<Transaction, 'em'>;

/**
 * The product's own merge over another connection and another way for rows to travel: same hashes, versions with
 * their locks, sets made equal, own columns and ledger.
 */
export function guardedLoader(
  transaction: (work: (tx: Transaction) => Promise<unknown>) => Promise<unknown>,
  close: () => Promise<void>,
): Loader {
  const database = { transaction } as Pick<Database, 'transaction'> as Database;
  return { load: (batches) => mergeBatches(database, batches, new Date()), close };
}

/** A transaction of the product's over another connection. */
export function asTransaction(dialect: Dialect, calls: SqlCalls): Transaction {
  return { em: entityManager(dialect, calls.query), ...calls };
}
