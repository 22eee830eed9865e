import type { Transactions } from '../database.js';
import { DataFault } from '../dialects/faults.js';
import type { Transaction } from '../transaction.js';
import type { Entry } from './entries.js';

/** Thrown to roll back what was written only to see whether it can be. */
class Rehearsed extends Error {}

/**
 * Which entries the database does not take, with its reasons: halves are written and rolled back until single ones
 * are left. Throws what `write` throws, except data faults.
 */
export async function findFaulty(
  database: Transactions,
  entries: readonly Entry[],
  write: (tx: Transaction, entries: readonly Entry[]) => Promise<unknown>,
): Promise<Map<string, string>> {
  const reason = await rehearse(database, (tx) => write(tx, entries));
  const [first] = entries;
  if (reason === null || !first) return new Map();
  if (entries.length === 1) return new Map([[first.id, reason]]);
  const middle = Math.ceil(entries.length / 2);
  const left = await findFaulty(database, entries.slice(0, middle), write);
  return new Map([...left, ...(await findFaulty(database, entries.slice(middle), write))]);
}

/** The data fault's reason, or null where there is none. */
async function rehearse(database: Transactions, write: (tx: Transaction) => Promise<unknown>): Promise<string | null> {
  try {
    return await database.transaction(async (tx) => {
      await write(tx);
      throw new Rehearsed();
    });
  } catch (error) {
    if (error instanceof Rehearsed) return null;
    if (error instanceof DataFault) return error.message;
    throw error;
  }
}
