import type { Transaction } from '../transaction.js';
import { secondsBefore } from './instants.js';
import { Ends, Inbox, Keys, ledgerQueries } from './rows.js';
import { finalStates } from './slice-rows.js';

/** How long a failed slice keeps what was answered, for an attempt that comes late. */
const FAILED_KEPT_SECONDS = 7 * 86_400;

/**
 * Forgets what was only there to close a slice. A batch that comes once more afterwards is merged again, which changes
 * nothing: closing looks at open slices alone, and the rows it leaves here are leftovers.
 */
export async function pruneSlice({ em }: Transaction, sliceId: string): Promise<void> {
  await em.nativeDelete(Keys, { slice_id: sliceId });
  await em.nativeDelete(Inbox, { slice_id: sliceId });
  await em.nativeDelete(Ends, { slice_id: sliceId });
}

/** Closed slices that a late batch left rows of, and failed ones nobody will answer for any more. */
export async function leftovers({ em }: Transaction, now: Date): Promise<string[]> {
  const forgotten = secondsBefore(now, FAILED_KEPT_SECONDS);
  const rows = await ledgerQueries(em)
    .selectFrom('etl_inbox')
    .innerJoin('etl_slices as slice', 'slice.slice_id', 'etl_inbox.slice_id')
    .select('slice.slice_id')
    .distinct()
    .where(({ and, eb, or }) =>
      or([
        eb('slice.state', 'in', finalStates),
        and([eb('slice.state', '=', 'failed'), eb('slice.closed_at', '<', forgotten)]),
      ]),
    )
    .execute();
  return rows.map(({ slice_id }) => slice_id);
}
