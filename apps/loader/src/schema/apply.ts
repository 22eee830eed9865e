import { TransientError } from '#messaging';

import type { Database } from '../database.js';
import type { Transaction } from '../transaction.js';
import type { Grammar } from './grammar.js';
import { planSchema, statementsOf, type Change } from './plan.js';
import { readSchema } from './read-schema.js';

/** In what a database differs from the specification. */
export async function differences(tx: Transaction, grammar: Grammar): Promise<Change[]> {
  return planSchema(await readSchema(tx, grammar));
}

/**
 * Makes all that differs as it should be; replicas that start together wait for each other, and one does it. Looks
 * first: a loader without the right to change tables starts where nothing has to be changed. Gives the statements run.
 */
export async function applySchema(database: Database, grammar: Grammar): Promise<string[]> {
  const statements = async (tx: Transaction) =>
    (await differences(tx, grammar)).flatMap((change) => statementsOf(change, grammar));
  if ((await database.transaction(statements)).length === 0) return [];
  return database.transaction((tx) =>
    locked(tx, grammar, async () => {
      const missing = await statements(tx);
      for (const statement of missing) await tx.run(statement);
      return missing;
    }),
  );
}

async function locked<T>(tx: Transaction, { lock, unlock }: Grammar, work: () => Promise<T>): Promise<T> {
  try {
    for (const statement of lock) {
      const [answer] = await tx.query<{ locked?: number | null }>(statement);
      if (answer && 'locked' in answer && !answer.locked) {
        throw new TransientError('another loader has been changing the tables for too long', { outside: true });
      }
    }
    return await work();
  } finally {
    // A connection that is gone has let go by itself, and the first error is the one to tell.
    for (const statement of unlock) await tx.query(statement).catch(() => undefined);
  }
}
