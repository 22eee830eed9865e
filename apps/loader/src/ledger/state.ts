import type { Lane } from '#contracts';

import { ledgerTarget } from '../merge/targets.js';
import type { Transaction } from '../transaction.js';
import { State } from './rows.js';

/** Facts the ledger keeps by name. */
export type StateName = 'start_date' | 'categories_watermark' | 'session_link' | `${Lane}_busy_at`;

export async function readState({ em }: Transaction, name: StateName): Promise<string | null> {
  const row = await em.findOne(State, { name }, { refresh: true });
  return row?.value ?? null;
}

/** Stores the value where none is stored yet, or where `better` says so of the stored one. */
export async function improveState(
  tx: Transaction,
  name: StateName,
  value: string,
  better: (stored: string) => boolean,
): Promise<void> {
  await tx.writer.serialise(`etl ${name}`);
  const stored = await readState(tx, name);
  if (stored === null || better(stored)) await tx.writer.upsert(ledgerTarget('etl_state'), [{ name, value }], null);
}
