import type { Transaction } from '../transaction.js';
import { ledgerTime, secondsBefore } from './instants.js';
import { Slices, type LedgerRow } from './rows.js';
import { openStates } from './slice-rows.js';

/** Seconds back that tell the pace. */
const PACE_SECONDS = 900;

/** Seconds until all days of an open run are closed; null where none was closed lately, or none is left. */
export async function etaOf({ em }: Transaction, run: LedgerRow<'etl_runs'>, now: Date): Promise<number | null> {
  if (run.state !== 'open') return null;
  const days = { run_id: run.run_id, kind: 'day' };
  const left = await em.count(Slices, { ...days, state: { $in: openStates } });
  const since = [run.opened_at, run.resumed_at, secondsBefore(now, PACE_SECONDS)].reduce<string>(
    (latest, one) => (one !== null && one > latest ? one : latest),
    '',
  );
  const closed = await em.count(Slices, { ...days, closed_at: { $gte: since } });
  return eta(left, closed, secondsBetween(since, ledgerTime(now)));
}

/** Pure: so many days left, so many closed within so many seconds. */
export function eta(left: number, closed: number, seconds: number): number | null {
  return left === 0 || closed === 0 || seconds <= 0 ? null : Math.round((left * seconds) / closed);
}

function secondsBetween(from: string, to: string): number {
  return (Date.parse(`${to.replace(' ', 'T')}Z`) - Date.parse(`${from.replace(' ', 'T')}Z`)) / 1000;
}
