import { randomUUID } from 'node:crypto';

import type { Answered, Detail, Gaps, PlannedSlice, RowBatch, Slice, SliceEnd, Subject } from '#contracts';

import { planStateOf } from '../../apps/loader/src/ledger/plan-state.js';
import { sessionDocument, uuidOf } from '../support/row-batches.js';
import { batch, endOf, plan, type Loader } from './ledger-harness.js';

export const DAY = '2026-10-01';
export const TODAY = '2026-10-03';

/** What one attempt says of one session. */
export interface Told {
  readonly id: string;
  /** Details that could not be had. */
  readonly missing?: readonly Detail[];
  readonly gone?: true;
  /** A candidate that is still there. */
  readonly found?: true;
}

/** So many sessions, each told in full. */
export function sessions(first: number, last: number): Told[] {
  return Array.from({ length: last - first + 1 }, (_, index) => ({ id: uuidOf(first + index) }));
}

let version = 1_000;

/** One batch that loads these sessions; those of single sessions hold only what was asked for. */
export function told(slice: Slice, attempt: string, some: readonly Told[]): RowBatch {
  version += 1;
  return batch(slice, attempt, [], {
    answered: some.map(({ id, missing = [], gone, found }): Answered => {
      if (gone) return { key: id, outcome: 'gone', gone: version, documents: [], unknown: [] };
      const unknown = missing.map((document) => ({ document, reason: `no ${document}` }));
      const documents = slice.subject.kind === 'day' || found ? [sessionDocument(id, 'session', version)] : [];
      return { key: id, outcome: unknown.length > 0 ? 'unknown' : 'loaded', documents, unknown };
    }),
  });
}

/** Answers for a slice whole, in one attempt. */
export async function answer(
  loader: Loader,
  slice: Slice,
  some: readonly Told[],
  end: Partial<SliceEnd> = {},
): Promise<void> {
  const attempt = randomUUID();
  await loader.merge(told(slice, attempt, some));
  await loader.closer.end(endOf(slice, attempt, some.length, end));
}

/** Opens a run of one slice, and gives that slice once it is out. */
export async function openOne(loader: Loader, runId: string, subject: Subject): Promise<Slice> {
  const planned: PlannedSlice = { sliceId: `${runId}:${subject.kind}`, lane: 'live', subject };
  const [slice] = await loader.open(plan(runId, [planned]));
  if (!slice) throw new Error('nothing was dispatched');
  return slice;
}

/** A run that reads the day whole. */
export async function readDay(
  loader: Loader,
  runId: string,
  some: readonly Told[],
  end: Partial<SliceEnd> = {},
  subject: Partial<Extract<Subject, { kind: 'day' }>> = {},
): Promise<void> {
  const slice = await openOne(loader, runId, { kind: 'day', day: DAY, ...subject });
  await answer(loader, slice, some, end);
}

/** A run that asks for single details again, and gets these answers. */
export async function askAgain(
  loader: Loader,
  runId: string,
  asked: readonly Told[],
  got: readonly Told[],
): Promise<void> {
  const sessionsAsked = asked.map(({ id, missing = [] }) => ({ id, documents: [...missing] }));
  const subject = { kind: 'sessions', day: DAY, why: 'unknown', sessions: sessionsAsked } as const;
  const slice = await openOne(loader, runId, subject);
  await answer(loader, slice, got, { countBefore: null, countAfter: null });
}

export async function gapsOf(loader: Loader): Promise<Gaps> {
  return (await loader.ask({ type: 'gaps', today: TODAY })).gaps;
}

/** What planning is told, so many days from now. */
export function stateIn(loader: Loader, days: number) {
  const now = new Date(Date.now() + days * 86_400_000);
  const { database } = loader;
  return database.transaction((tx) => planStateOf(tx, database.dialect, DAY, now));
}
