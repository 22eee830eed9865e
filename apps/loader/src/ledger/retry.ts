import { ledgerTime } from './instants.js';

/** Days until a detail that could not be had is asked for again, by how often that was done in vain. */
const RETRY_DAYS = [1, 3, 7, 30] as const;
/** A daily run that starts earlier than the last one came to its end still finds what is due. */
const SLACK_HOURS = 6;

const HOUR_MS = 3_600_000;

/** When a detail is due that was last asked for at `asked`, and `tries` times by itself. A ledger date-time. */
export function retryAt(asked: Date, tries: number): string {
  const days = RETRY_DAYS[Math.min(tries, RETRY_DAYS.length - 1)] ?? 1;
  return ledgerTime(new Date(asked.getTime() + (days * 24 - SLACK_HOURS) * HOUR_MS));
}
