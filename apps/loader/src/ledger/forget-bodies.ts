import type { Transaction } from '../transaction.js';
import { secondsBefore } from './instants.js';
import { ledgerQueries } from './rows.js';

const DAY_SECONDS = 86_400;

/** Empties raw forms of rejects and bodies of dead letters that were kept for so many days; their reasons stay. */
export async function forgetBodies({ em }: Transaction, days: number, now: Date): Promise<void> {
  const before = secondsBefore(now, days * DAY_SECONDS);
  const queries = ledgerQueries(em);
  await queries
    .updateTable('etl_rejects')
    .set({ raw: null })
    .where('rejected_at', '<', before)
    .where('raw', 'is not', null)
    .execute();
  await queries
    .updateTable('etl_dead_letters')
    .set({ body: null })
    .where('dead_at', '<', before)
    .where('body', 'is not', null)
    .execute();
}
