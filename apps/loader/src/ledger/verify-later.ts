import type { Transaction } from '../transaction.js';
import { dayStandings } from './coverage.js';
import { ledgerTime } from './instants.js';
import { Slices, Unknown } from './rows.js';

/** Verifies a day of which only details were missing, once none is missing any more. */
export async function verifyLater(tx: Transaction, day: string, now: Date): Promise<void> {
  if ((await tx.em.count(Unknown, { day })) > 0) return;
  const [standing] = await dayStandings(tx, { from: day, to: day });
  if (!standing?.lackedDetails) return;
  const verified_at = ledgerTime(now);
  await tx.em.nativeUpdate(
    Slices,
    { slice_id: standing.sliceId, state: 'unverified' },
    { state: 'verified', reason: 'details had later', verified_at, closed_at: verified_at },
  );
}
