import { z } from 'zod';

import {
  attempt,
  day,
  detail,
  dictionary,
  filters,
  runId,
  sessionDocument,
  slice,
  storable,
  version,
} from './slices.js';
import { answer, question } from './questions.js';

/** Longest raw form of a reject that is kept, bytes of JSON. */
export const MAX_RAW_BYTES = 256 * 1024;

const range = { from: day, to: day };

/**
 * What a person or a schedule asks for. Plain JSON: `{"type":"backfill","from":"2025-01-01","to":"2025-12-31"}`.
 * `runId` lets the sender ask about the run later; without it one is made.
 */
export const command = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('sync'), runId: runId.optional() }),
  z
    .strictObject({
      type: z.literal('backfill'),
      ...range,
      filters: filters.optional(),
      force: z.boolean().default(false),
      runId: runId.optional(),
    })
    .refine(({ from, to }) => from <= to, 'from is after to'),
  /** Reads again whatever is missing or was never proven, and asks again for what is unknown. */
  z.strictObject({
    type: z.literal('heal'),
    /** Also asks after all sessions that listings no longer hold, however many they are. */
    allowDeletes: z.boolean().default(false),
    runId: runId.optional(),
  }),
  z.strictObject({ type: z.literal('pause'), runId }),
  z.strictObject({ type: z.literal('resume'), runId }),
  z.strictObject({ type: z.literal('cancel'), runId }),
]);
export type Command = z.infer<typeof command>;

/** One JSON value as ET answered it. */
const raw = z.unknown();
const rawObject = z.record(z.string(), raw);

/** A session as a listing held it. */
export const listedSession = z.object({ id: z.string(), session: rawObject });

/**
 * A portion of a listing: at most 50 sessions and 256 KiB, all of one answer of ET, so of one `version`.
 * `page` counts within the attempt.
 */
export const page = z.object({
  slice,
  attempt,
  page: z.int().nonnegative(),
  version,
  sessions: z.array(listedSession),
});
export type Page = z.infer<typeof page>;

/** A batch's identity: the same numbers name the raw batch and the row batch made of it. */
export const batchIdentity = z.object({
  slice,
  attempt,
  page: z.int().nonnegative(),
  number: z.int().nonnegative(),
  /** SHA-256 (hex) of the raw content: a page read twice gives two batches, not one. */
  sha: z.string().length(64),
  /** The raw form of a reject, sent once more: where it is loaded now, that reject of the attempt is settled. */
  replay: z.literal(true).optional(),
});
export type BatchIdentity = z.infer<typeof batchIdentity>;

/** Details asked for and answered, or known empty without asking; one that could not be had is in `unknown`. */
export const rawSession = z.object({
  id: z.string(),
  version,
  /** Absent where only details were asked for. */
  session: rawObject.optional(),
  documents: z.partialRecord(detail, z.object({ version, body: raw })),
  unknown: z.array(z.object({ document: detail, reason: storable })),
  /** The moment at which ET confirmed that the session no longer exists: then nothing else counts. */
  gone: version.optional(),
});
export type RawSession = z.infer<typeof rawSession>;

/** ET's answers, untouched. About 512 KiB of JSON at most, single sessions up to 8 MiB. */
export const rawBatch = z.object({
  identity: batchIdentity,
  content: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('dictionary'), dictionary, version, items: z.array(raw) }),
    z.object({
      kind: z.literal('sessions'),
      /** True where `/sessions/{id}` is switched on: then the `detail` document alone owns `additional_info`. */
      detailOwnsInfo: z.boolean(),
      sessions: z.array(rawSession),
    }),
  ]),
});
export type RawBatch = z.infer<typeof rawBatch>;

/** A cell as it is stored: date-times are normalised text, JSON columns are JSON text, a missing value is null. */
const cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const row = named(cell);
export type Row = z.infer<typeof row>;

/** One document as rows: by table, in the order of the table specification; an empty list is an empty child set. */
export const rowDocument = z.object({
  /** `item` for a dictionary's. */
  document: z.union([sessionDocument, z.literal('item')]),
  version,
  rows: named(z.array(row)),
});
export type RowDocument = z.infer<typeof rowDocument>;

/**
 * How a listed key was answered for, best first: the loader keeps the least of several (`gone` < `loaded` <
 * `rejected` < `unknown`). `unknown`: loaded, but at least one detail could not be had.
 */
export const outcomes = ['gone', 'loaded', 'rejected', 'unknown'] as const;
export const outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof outcome>;

/** Everything one batch says about one session or dictionary item. `key` is the id as the database stores it. */
export const answered = z
  .object({
    key: storable.max(64),
    outcome,
    /** With `gone`: the version of the tombstone. */
    gone: version.optional(),
    documents: z.array(rowDocument),
    /** Which details are missing and why, for `outcome` `unknown`. */
    unknown: z.array(z.object({ document: detail, reason: storable })).default([]),
  })
  // What is unknown is asked for again by its name: without one nobody ever would.
  .refine(({ outcome: given, unknown }) => given !== 'unknown' || unknown.length > 0, 'unknown names no detail');
export type Answered = z.infer<typeof answered>;

/** A record that could not be mapped, with its raw form (JSON text, cut at `MAX_RAW_BYTES`) and that one's version. */
export const reject = z.object({
  key: storable.max(64),
  reason: storable,
  raw: storable,
  version: version.optional(),
});
export type Reject = z.infer<typeof reject>;

/** The rows made of one raw batch, under the same identity. */
export const rowBatch = z.object({
  identity: batchIdentity,
  entity: z.union([z.literal('session'), dictionary]),
  answered: z.array(answered),
  rejects: z.array(reject),
  /** Fields of ET that no column takes, by path (`sessions.new_field`), with how often they were seen. */
  unknownFields: named(z.int()),
  /** Characters no database takes: U+0000 removed, lone surrogates replaced. */
  cleaned: z.object({ nul: z.int(), surrogates: z.int() }),
});
export type RowBatch = z.infer<typeof rowBatch>;

/**
 * Ends an attempt: how many distinct keys were listed, or single sessions asked for. The counts are ET's own, before
 * and after the listing.
 */
export const sliceEnd = z.object({
  slice,
  attempt,
  listed: z.int().nonnegative(),
  /** Null for a dictionary, for single sessions, and where a limit cut the listing on purpose. */
  countBefore: z.int().nonnegative().nullable(),
  countAfter: z.int().nonnegative().nullable(),
  /** False where the day was not over when it was listed: then it is never verified, whatever the counts. */
  dayOver: z.boolean().default(true),
  /** What kept the listing from holding everything, in words for the operator. */
  reason: storable.optional(),
});
export type SliceEnd = z.infer<typeof sliceEnd>;

/** Posted by whoever dead-letters something that names a slice, so that the slice fails and nobody waits for ever. */
export const sliceProblem = z.object({
  slice,
  attempt: attempt.optional(),
  stage: storable,
  reason: storable,
});
export type SliceProblem = z.infer<typeof sliceProblem>;

/** One schema a stage: what its queues carry. */
export const stageSchemas = {
  commands: command,
  slices: slice,
  pages: page,
  raw: rawBatch,
  rows: rowBatch,
  ends: sliceEnd,
  problems: sliceProblem,
  questions: question,
} as const;
export type Stage = keyof typeof stageSchemas;
export type Message<S extends Stage> = z.infer<(typeof stageSchemas)[S]>;

/** Everything that has a JSON Schema file for people who write other consumers. */
export const published = { ...stageSchemas, answers: answer } as const;

/** An object with any fields of one kind. `z.record` would go on to the last of a million faulty ones. */
function named<T extends z.ZodType>(value: T) {
  return z.object({}).catchall(value);
}
