import {
  askedSessions,
  dictionary,
  lane,
  type AskedSessions,
  type PlannedSlice,
  type Slice,
  type SliceState,
  type Subject,
} from '#contracts';

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
  const start = { state: 'planned', requeues: 0, moved_at: now } as const;
  return { slice_id: sliceId, run_id: runId, lane, kind: subject.kind, ...cellsOf(subject), ...start };
}

type SubjectCells = Pick<
  SliceRow,
  'kind' | 'dictionary' | 'day' | 'filters' | 'session_limit' | 'allow_deletes' | 'sessions'
>;

const nothing = {
  dictionary: null,
  day: null,
  filters: null,
  session_limit: null,
  allow_deletes: null,
  sessions: null,
} as const;

function cellsOf(subject: Subject): Omit<SubjectCells, 'kind'> {
  switch (subject.kind) {
    case 'dictionary':
      return { ...nothing, dictionary: subject.dictionary };
    case 'day': {
      const { day, filters = null, limit = null, allowDeletes = null } = subject;
      return { ...nothing, day, filters, session_limit: limit, allow_deletes: allowDeletes };
    }
    case 'sessions': {
      const { day, why, sessions } = subject;
      return { ...nothing, day, sessions: JSON.stringify({ why, sessions }) };
    }
  }
}

export function subjectOf(row: SubjectCells): Subject {
  if (row.kind === 'dictionary') return { kind: 'dictionary', dictionary: dictionary.parse(row.dictionary) };
  if (row.kind === 'sessions') return sessionsOf(row);
  return {
    kind: 'day',
    day: row.day ?? '',
    ...(row.filters === null ? {} : { filters: row.filters }),
    ...(row.session_limit === null ? {} : { limit: row.session_limit }),
    ...(row.allow_deletes ? { allowDeletes: true } : {}),
  };
}

/** What a slice of single sessions asks for. */
function sessionsOf({ day, sessions }: SubjectCells): AskedSessions {
  return askedSessions.parse({ kind: 'sessions', day, ...(JSON.parse(sessions ?? '{}') as object) });
}

export function sliceOf(row: SubjectCells & Pick<SliceRow, 'slice_id' | 'run_id' | 'lane'>): Slice {
  return { runId: row.run_id ?? '', sliceId: row.slice_id, lane: lane.parse(row.lane), subject: subjectOf(row) };
}
