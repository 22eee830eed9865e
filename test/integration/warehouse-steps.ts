import type { Database } from '../../apps/loader/src/database.js';
import type { Transaction } from '../../apps/loader/src/transaction.js';

/** Called before each call of a transaction's work, and with `commit` after the last. What it throws ends the work. */
export type Step = (call: string, tx: Transaction) => unknown;

/** The same database, whose transactions tell what they are about to do. */
export function watched(database: Database, step: Step): Database {
  const transaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> =>
    database.transaction(async (tx) => {
      const result = await work(watchedCalls(tx, step));
      await step('commit', tx);
      return result;
    });
  return new Proxy(database, {
    get: (target, name) => (name === 'transaction' ? transaction : (Reflect.get(target, name) as unknown)),
  });
}

function watchedCalls(tx: Transaction, step: Step): Transaction {
  const told = <O extends object>(object: O): O =>
    new Proxy(object, {
      get: (target, name) => {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        return async (...given: unknown[]): Promise<unknown> => {
          await step(String(name), tx);
          return (member as (...args: unknown[]) => unknown)(...given);
        };
      },
    });
  const { em, catalog, query, run } = tx;
  return { em, catalog, writer: told(tx.writer), ...told({ query, run }) };
}
