import type { PlannedSlice, Slice, SliceState, Subject } from '#contracts';
import { dictionary, lane } from '#contracts';

import type { LedgerRow } from './rows.js';

type SliceRow = LedgerRow<'etl_slices'>;

/** Slices that somebody still works for, or soon will. */
export const openStates = ['planned', 'queued'] as const satisfies SliceState[];
/** Slices an attempt may still close: a failed one may yet be answered for by an attempt that comes late. */
export const closableStates = [...openStates, 'failed'] as const satisfies SliceState[];
/** Slices of which nothing is expected any more: what comes late is loaded, and changes no figure. */
export const finalStates = ['verified', 'complete', 'unverified', 'cancelled'] as const satisfies SliceState[];

/** A planned slice as the ledger first holds it. */
export function sliceRow(runId: string, { sliceId, lane, subject }: PlannedSlice, now: string) {
  const scope =
    subject.kind === 'dictionary'
      ? { dictionary: subject.dictionary, day: null, filters: null, session_limit: null }
      : { dictionary: null, day: subject.day, filters: subject.filters ?? null, session_limit: subject.limit ?? null };
  const start = { state: 'planned', requeues: 0, moved_at: now } as const;
  return { slice_id: sliceId, run_id: runId, lane, kind: subject.kind, ...scope, ...start };
}

type SubjectCells = Pick<SliceRow, 'kind' | 'dictionary' | 'day' | 'filters' | 'session_limit'>;

export function subjectOf(row: SubjectCells): Subject {
  if (row.kind === 'dictionary') return { kind: 'dictionary', dictionary: dictionary.parse(row.dictionary) };
  return {
    kind: 'day',
    day: row.day ?? '',
    ...(row.filters === null ? {} : { filters: row.filters }),
    ...(row.session_limit === null ? {} : { limit: row.session_limit }),
  };
}

export function sliceOf(row: SubjectCells & Pick<SliceRow, 'slice_id' | 'run_id' | 'lane'>): Slice {
  return { runId: row.run_id ?? '', sliceId: row.slice_id, lane: lane.parse(row.lane), subject: subjectOf(row) };
}
