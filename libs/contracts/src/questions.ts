import { z } from 'zod';

import { day, lane, slice, subject } from './slices.js';

/** Why a run exists. `scheduled` ids are derived from the tick; the others are given or made. */
export const runKind = z.enum(['scheduled', 'sync', 'range', 'backfill', 'test']);
export type RunKind = z.infer<typeof runKind>;

/**
 * `planned` waits for dispatch, `queued` is out. Ends: `verified` proven by ET's count (a dictionary: listed whole);
 * `complete` everything listed is answered for, and it was never meant to prove a day (filter, limit, today);
 * `unverified` everything listed is answered for, but counts disagree or details are unknown; `failed`; `cancelled`.
 */
export const sliceStates = ['planned', 'queued', 'verified', 'complete', 'unverified', 'failed', 'cancelled'] as const;
export const sliceState = z.enum(sliceStates);
export type SliceState = z.infer<typeof sliceState>;

export const plannedSlice = slice.omit({ runId: true });
export type PlannedSlice = z.infer<typeof plannedSlice>;

/** A plan as the ledger takes it. `request` is what was asked for: two unfinished runs of one request become one. */
export const runPlan = z.object({
  runId: z.string().max(64),
  kind: runKind,
  /** Canonical text of the request; empty where runs are never joined. */
  request: z.string(),
  /** The tick of a scheduled run, ISO instant. */
  tick: z.iso.datetime().optional(),
  /** First day to keep complete. The ledger keeps the earliest one it was ever given. */
  startDate: day.optional(),
  /** Moves the categories' watermark when all slices are closed: ISO text of the greatest `updated_at` seen. */
  categoriesWatermark: z.string().optional(),
  slices: z.array(plannedSlice),
});
export type RunPlan = z.infer<typeof runPlan>;

/**
 * What the loader is asked over request and reply. All are idempotent and answered from the database; only
 * `open-run` and `cancel-run` change anything.
 */
export const question = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan-state'), /** First day asked about. */ from: day }),
  z.object({ type: z.literal('open-run'), plan: runPlan }),
  z.object({ type: z.literal('cancel-run'), runId: z.string().max(64) }),
  z.object({ type: z.literal('stopped-runs') }),
  z.object({ type: z.literal('run'), runId: z.string().max(64) }),
  z.object({ type: z.literal('status') }),
]);
export type Question = z.infer<typeof question>;

/** What planning needs to know. */
export const planState = z.object({
  /** Kept in the ledger at the first plan; null before it. */
  startDate: day.nullable(),
  verifiedDays: z.array(day),
  /** Days that still hold sessions ET had not processed when they were read. */
  unprocessedDays: z.array(day),
  /** Greatest `updated_at` of categories whose runs are closed; null before the first. */
  categoriesWatermark: z.string().nullable(),
  /** Latest tick that has a run, ISO instant; null on an empty ledger. */
  lastTick: z.string().nullable(),
});
export type PlanState = z.infer<typeof planState>;

const figures = {
  listed: z.int(),
  loaded: z.int(),
  rejected: z.int(),
  gone: z.int(),
  unknown: z.int(),
};

/** A run in figures: sums over its slices. */
export const runReport = z.object({
  runId: z.string(),
  kind: runKind,
  state: z.enum(['open', 'done', 'failed', 'cancelled']),
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  slices: z.record(sliceState, z.int()),
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
});
export type StatusReport = z.infer<typeof statusReport>;

export const answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan-state'), state: planState }),
  /** `runId` differs from the asked one where an equal unfinished run was joined. */
  z.object({ type: z.literal('open-run'), runId: z.string(), opened: z.boolean() }),
  z.object({ type: z.literal('cancel-run'), known: z.boolean() }),
  z.object({ type: z.literal('stopped-runs'), runIds: z.array(z.string()) }),
  z.object({ type: z.literal('run'), run: runReport.nullable() }),
  z.object({ type: z.literal('status'), status: statusReport }),
  z.object({ type: z.literal('failed'), reason: z.string() }),
]);
export type Answer = z.infer<typeof answer>;
