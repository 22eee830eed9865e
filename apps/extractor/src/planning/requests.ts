import { filters as filtersSchema } from '#contracts';
import { RejectedError } from '#messaging';

import { normaliseFilters } from '../et/filters.js';
import { addDays, countDays, isDay } from './days.js';

/** Longest range of one request, days. */
const LONGEST = 20 * 366;
const RUN_ID = /^[\x21-\x7e]{1,64}$/;

/** What can be asked for. Days are `YYYY-MM-DD`; `filters` may be percent-encoded; without `runId` one is made. */
export type RunRequest =
  | { readonly kind: 'scheduled'; readonly tick: string }
  | { readonly kind: 'sync'; readonly runId?: string | undefined }
  | {
      readonly kind: 'range';
      readonly from: string;
      /** Without it: yesterday. */
      readonly to?: string | undefined;
      readonly filters?: string | undefined;
      readonly runId?: string | undefined;
    }
  | {
      readonly kind: 'test';
      /** Sessions in all. */
      readonly limit: number;
      /** Without it: the first day to keep complete. */
      readonly from?: string | undefined;
      readonly to?: string | undefined;
      readonly filters?: string | undefined;
      readonly runId?: string | undefined;
    }
  | {
      readonly kind: 'backfill';
      readonly from: string;
      readonly to: string;
      readonly filters?: string | undefined;
      /** Reads verified days again. */
      readonly force: boolean;
      readonly runId?: string | undefined;
    }
  | {
      readonly kind: 'heal';
      /** Also asks after sessions that listings no longer hold, however many they are. */
      readonly allowDeletes: boolean;
      readonly runId?: string | undefined;
    };

/** A run id as given. Throws `RejectedError` where it is no printable ASCII of 1 to 64 characters. */
export function checkRunId(runId: string): string {
  if (!RUN_ID.test(runId)) throw new RejectedError('a run id is 1 to 64 printable ASCII characters without spaces');
  return runId;
}

/** A checked range of days and the filter of a request. */
export interface Range {
  readonly from: string;
  readonly to: string;
  readonly filters?: string;
}

/**
 * The days a request names, `to` no later than today; without `to` they end yesterday, or on `from` where that is
 * today. Throws `RejectedError` that says what is wrong: no day of the calendar, the wrong way round, in the future,
 * above 20 years, filters beyond all bounds.
 */
export function rangeOf(
  { from, to, filters }: { from: string; to?: string | undefined; filters?: string | undefined },
  today: string,
): Range {
  for (const day of [from, ...(to === undefined ? [] : [to])]) {
    if (!isDay(day)) throw new RejectedError(`${JSON.stringify(day)} is no day of the calendar (YYYY-MM-DD)`);
  }
  if (to !== undefined && to < from) throw new RejectedError(`the range begins on ${from}, after its end on ${to}`);
  if (from > today) throw new RejectedError(`the range begins on ${from}, which is in the future`);
  const yesterday = addDays(today, -1);
  const last = to === undefined ? (from > yesterday ? from : yesterday) : to > today ? today : to;
  if (countDays(from, last) > LONGEST) throw new RejectedError(`the range from ${from} to ${last} is above 20 years`);
  const parts = filters === undefined ? '' : normaliseFilters(filters);
  // Decoded, they may hold what the request did not.
  if (!filtersSchema.safeParse(parts).success)
    throw new RejectedError('the filters hold what no filter of ET does, or too much');
  return { from, to: last, ...(parts === '' ? {} : { filters: parts }) };
}
