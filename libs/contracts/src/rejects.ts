import { z } from 'zod';

import { day, dictionary, runId, slice, storable, version } from './slices.js';

/** Rejects one answer tells of; the latest. */
export const MOST_REJECTS = 2_000;

/** Which rejects are asked about: all that fit everything given. */
export const rejectFilter = z.object({
  /** Part of the reason, in either case of letters. */
  reason: storable.optional(),
  /** ISO instant. */
  since: z.iso.datetime().optional(),
  runId: runId.optional(),
  /** The last one that was told of: those behind it. */
  after: z.object({ rejectedAt: z.iso.datetime(), id: z.string() }).optional(),
  /** Whole ids. */
  ids: z.array(z.string()).max(MOST_REJECTS).optional(),
});
export type RejectFilter = z.infer<typeof rejectFilter>;

/** A record that was set aside. Its id is 12 hexadecimal digits; it keeps it when it is rejected again by a replay. */
export const rejectSummary = z.object({
  id: z.string(),
  entity: z.union([z.literal('session'), dictionary]),
  /** The id of the session or item. */
  key: z.string(),
  /** Null for a dictionary's. */
  day: day.nullable(),
  runId: z.string(),
  sliceId: z.string(),
  reason: z.string(),
  /** ISO instant. */
  rejectedAt: z.string(),
  /** False where its raw form is gone: the session was deleted in ET, or the form was kept long enough. */
  hasRaw: z.boolean(),
});
export type RejectSummary = z.infer<typeof rejectSummary>;

/** All that is kept of a reject. */
export const rejectDetail = z.object({
  ...rejectSummary.shape,
  slice,
  attempt: z.string(),
  /** `raw` as ET answered it; `rows` as the transformer made of it; null for those of earlier versions. */
  form: z.enum(['raw', 'rows']).nullable(),
  version: version.nullable(),
  /** JSON text, perhaps cut. */
  raw: z.string().nullable(),
});
export type RejectDetail = z.infer<typeof rejectDetail>;
