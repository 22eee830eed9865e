import { z } from 'zod';

import { rejectDetail, rejectFilter, rejectSummary } from './rejects.js';
import { askedSession, day, detail, lane, runId, slice, sliceId, storable, subject } from './slices.js';

/** Why a run exists. `scheduled` ids are derived from the tick; the others are given or made. */
export const runKind = z.enum(['scheduled', 'sync', 'range', 'backfill', 'test', 'heal']);
export type RunKind = z.infer<typeof runKind>;

/**
 * `planned` waits for dispatch, `queued` is out. Ends: `verified` proven by ET's count (a dictionary: listed whole);
 * `complete` everything listed is answered for, and it was never meant to prove a day (filter, limit, today, single
 * sessions); `unverified` everything listed is answered for, but counts disagree or details are unknown; `failed`; `cancelled`.
 */
export const sliceStates = ['planned', 'queued', 'verified', 'complete', 'unverified', 'failed', 'cancelled'] as const;
export const sliceState = z.enum(sliceStates);
export type SliceState = z.infer<typeof sliceState>;

export const plannedSlice = slice.omit({ runId: true });
export type PlannedSlice = z.infer<typeof plannedSlice>;

/** A plan as the ledger takes it. `request` is what was asked for: two unfinished runs of one request become one. */
export const runPlan = z.object({
  runId,
  kind: runKind,
  /** Canonical text of the request; empty where runs are never joined. */
  request: storable,
  /** The tick of a scheduled run, ISO instant. */
  tick: z.iso.datetime().optional(),
  /** First day to keep complete. The ledger keeps the earliest one it was ever given. */
  startDate: day.optional(),
  /** Moves the categories' watermark when all slices are closed: ISO text of the greatest `updated_at` seen. */
  categoriesWatermark: storable.optional(),
  slices: z.array(plannedSlice),
});
export type RunPlan = z.infer<typeof runPlan>;

/** Slices one question reopens. */
export const MOST_REOPENED = 1_000;

/**
 * What the loader is asked over request and reply. All are idempotent and answered from the database; only
 * `open-run`, `control-run` and `reopen-slices` change anything.
 */
export const question = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan-state'), /** First day asked about. */ from: day }),
  z.object({ type: z.literal('open-run'), plan: runPlan }),
  z.object({
    type: z.literal('control-run'),
    runId,
    action: z.enum(['pause', 'resume', 'cancel']),
  }),
  z.object({ type: z.literal('stopped-runs') }),
  z.object({ type: z.literal('run'), runId }),
  z.object({ type: z.literal('status'), /** Without it: the day in UTC. */ today: day.optional() }),
  z.object({ type: z.literal('gaps'), /** The first day that is not over yet. */ today: day }),
  /** Before a dead letter of theirs is sent again. */
  z.object({ type: z.literal('reopen-slices'), sliceIds: z.array(sliceId).max(MOST_REOPENED) }),
  z.object({ type: z.literal('rejects'), ...rejectFilter.shape }),
  z.object({
    type: z.literal('reject'),
    /** The first digits of its id. */
    id: storable.max(64),
    /** Its record's, where that is known: spares a search among all. */
    key: storable.optional(),
  }),
]);
export type Question = z.infer<typeof question>;

/** A day that was proven, and ET's count at that time. */
const countedDay = z.object({ day, count: z.int().nonnegative() });

/** What planning needs to know. */
export const planState = z.object({
  /** Kept in the ledger at the first plan; null before it. */
  startDate: day.nullable(),
  verified: z.array(countedDay),
  /** Days whose every session is there as ET counted, and only details are unknown: these are asked for by themselves. */
  onlyDetails: z.array(countedDay),
  /** Unknown details whose time to be asked for again has come, at most `MOST_DUE` sessions. */
  dueUnknown: z.array(z.object({ day, sessions: z.array(askedSession) })),
  /** Days that still hold sessions ET had not processed when they were read. */
  unprocessedDays: z.array(day),
  /** Greatest `updated_at` of categories whose runs are closed; null before the first. */
  categoriesWatermark: z.string().nullable(),
  /** Latest tick that has a run, ISO instant; null on an empty ledger. */
  lastTick: z.string().nullable(),
});
export type PlanState = z.infer<typeof planState>;

/** What keeps the database from being complete, with reasons. */
export const gaps = z.object({
  days: z.array(
    z.object({
      day,
      /** `missing` never read, `open` being read, `unverified` read and not proven, `failed` could not be read. */
      state: z.enum(['missing', 'open', 'unverified', 'failed']),
      reason: z.string(),
      /** The last reading that came to its end, ISO instant. */
      readAt: z.string().nullable(),
      /** Every session is there as ET counted; only the details listed in `unknown` are missing. */
      onlyDetails: z.boolean(),
    }),
  ),
  /** At most `MOST_UNKNOWN` of `unknownTotal`; instants are ISO. */
  unknown: z.array(
    z.object({ id: z.string(), day, document: detail, reason: z.string(), tries: z.int(), nextAt: z.string() }),
  ),
  unknownTotal: z.int(),
  /** Days of which more sessions are no longer listed than may be deleted unasked; ISO instants. */
  heldDeletes: z.array(z.object({ day, candidates: z.int(), sessions: z.int(), heldAt: z.string() })),
});
export type Gaps = z.infer<typeof gaps>;

/** Most unknown sessions one plan is told of, and most unknown details the gaps list by name. */
export const MOST_DUE = 2_000;
export const MOST_UNKNOWN = 10_000;

const figures = {
  listed: z.int(),
  loaded: z.int(),
  rejected: z.int(),
  gone: z.int(),
  unknown: z.int(),
};

/** Slices of a lane that are not closed: to be sent, and out. */
const openInLane = z.object({ lane, planned: z.int(), queued: z.int() });

/** A run in figures: sums over its slices. */
export const runReport = z.object({
  runId: z.string(),
  kind: runKind,
  state: z.enum(['open', 'paused', 'done', 'failed', 'cancelled']),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  /** Seconds until all days are closed at the pace of late; null where there is nothing to tell it by. */
  eta: z.number().nonnegative().nullable(),
  /** Conversations a second of late; null unless the run is open. */
  rate: z.number().nonnegative().nullable().default(null),
  slices: z.record(sliceState, z.int()),
  lanes: z.array(openInLane).default([]),
  ...figures,
  /** Sessions and items written or found unchanged so far, while slices are open. */
  answered: z.int(),
  unknownFields: z.record(z.string(), z.int()),
  cleaned: z.object({ nul: z.int(), surrogates: z.int() }),
  /** Rows that unique keys of an adopted database kept out, by table. */
  notStored: z.record(z.string(), z.int()).default({}),
  /** Slices that did not end well, at most 100: which, how and why. */
  problems: z.array(z.object({ sliceId: z.string(), lane, subject, state: sliceState, reason: z.string() })),
});
export type RunReport = z.infer<typeof runReport>;

export const statusReport = z.object({
  runs: z.array(runReport),
  tables: z.record(z.string(), z.int()),
  lastVerifiedDay: day.nullable(),
  unverifiedDays: z.int(),
  rejects: z.int(),
  lanes: z.array(openInLane),
  /** Of a process that does it all; those of services lie in the broker. */
  deadLetters: z.int().default(0),
  unknownDetails: z.int(),
  /** Sessions that listings no longer hold, of days with more of them than may be deleted unasked. */
  heldDeletes: z.int(),
  /** When a slice of the live lane was last closed, and the last daily run (scheduled or asked for) done; ISO instants. */
  freshness: z.string().nullable(),
  lastSyncedAt: z.string().nullable(),
});
export type StatusReport = z.infer<typeof statusReport>;

export const answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan-state'), state: planState }),
  /** `runId` differs from the asked one where an equal unfinished run was joined. */
  z.object({ type: z.literal('open-run'), runId: z.string(), opened: z.boolean() }),
  /** The run's state now; `known` is false, and `state` null, where there is no run of the id. */
  z.object({ type: z.literal('control-run'), known: z.boolean(), state: z.string().nullable() }),
  /**
   * Cancelled within a day, or paused. A paused run may be resumed at any moment: who is about to drop a slice or page
   * because of an older answer has to ask once more, or the run waits for it for an hour.
   */
  z.object({ type: z.literal('stopped-runs'), runIds: z.array(z.string()) }),
  z.object({ type: z.literal('run'), run: runReport.nullable() }),
  z.object({ type: z.literal('status'), status: statusReport }),
  z.object({ type: z.literal('gaps'), gaps }),
  /** How many of the slices had failed and are open again; those of cancelled runs stay as they are. */
  z.object({ type: z.literal('reopen-slices'), reopened: z.int() }),
  /** The latest `MOST_REJECTS` of `total`. */
  z.object({ type: z.literal('rejects'), rejects: z.array(rejectSummary), total: z.int() }),
  /** Null where none begins so, or several do: `ids` are those that do, ten at most. */
  z.object({ type: z.literal('reject'), ids: z.array(z.string()), reject: rejectDetail.nullable() }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);
export type Answer = z.infer<typeof answer>;
