import { z } from 'zod';

/** Ids stand in headers, in keys of databases and on command lines: printable ASCII without spaces. */
export const runId = z.string().regex(/^[\x21-\x7e]{1,64}$/, 'an id is 1 to 64 printable ASCII characters, no spaces');
export const sliceId = z
  .string()
  .regex(/^[\x21-\x7e]{1,160}$/, 'an id is 1 to 160 printable ASCII characters, no spaces');

/** Text that any database takes: no U+0000, and no half of a character. */
export const storable = z.string().regex(/^[^\0\ud800-\udfff]*$/u, 'holds what no database takes');

/** Parts of ET's filters, as many as the address of a request holds. */
export const filters = storable.max(4_000);

/** Live: what the schedule asks for. Backfill: history, which never slows the live lane. */
export const lanes = ['live', 'backfill'] as const;
export const lane = z.enum(lanes);
export type Lane = z.infer<typeof lane>;

/** ET's dictionaries, in the order in which tables refer to them. Source: ET's `/api/v1/<path>`. */
export const dictionaries = ['scorecards', 'groups', 'agents', 'users', 'categories', 'labels', 'tags'] as const;
export const dictionary = z.enum(dictionaries);
export type Dictionary = z.infer<typeof dictionary>;

/**
 * The documents ET tells about one session, each with a version of its own.
 * `detail` is the answer of `/sessions/{id}`; where it is asked for, it alone owns `additional_info`.
 */
export const sessionDocuments = ['session', 'scores', 'summary', 'comments', 'transcripts', 'detail'] as const;
export const sessionDocument = z.enum(sessionDocuments);
export type SessionDocument = z.infer<typeof sessionDocument>;

/** The documents that cost a request each: what `ET_DETAILS` may list. */
export const details = ['scores', 'summary', 'comments', 'transcripts', 'detail'] as const satisfies SessionDocument[];
export const detail = z.enum(details);
export type Detail = z.infer<typeof detail>;

/** A calendar day as ET's `date_range` filter counts days: `YYYY-MM-DD`. */
export const day = z.iso.date();

/** Most sessions of one slice that asks for single ones. */
export const MAX_ASKED_SESSIONS = 50;

/** A session to be asked for by itself, and which of its details; its id is a UUID in lower case. */
export const askedSession = z.object({
  id: z.string().regex(/^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/),
  documents: z.array(detail),
});
export type AskedSession = z.infer<typeof askedSession>;

/** Single sessions of a day. They never prove anything about it. */
export const askedSessions = z.object({
  kind: z.literal('sessions'),
  day,
  /**
   * `candidates`: the day's listing no longer holds them. `/sessions/{id}` tells: JSON 404 or 410 is `gone`; 200 is the
   * session itself, and all its details are asked for as well; anything else leaves it `unknown`, noted as the document
   * `detail`. Their `documents` are empty.
   * `unknown`: only the named details are asked for, because they could not be had before; `detail` even where it is
   * not among those this installation asks for, since candidates are noted so.
   */
  why: z.enum(['candidates', 'unknown']),
  sessions: z.array(askedSession).min(1).max(MAX_ASKED_SESSIONS),
});
export type AskedSessions = z.infer<typeof askedSessions>;

/**
 * What a slice reads: a dictionary whole; one day of sessions; or single sessions of a day. With `filters` (ET's filter
 * parts, joined by `±`, without the date range) or `limit` (test mode, sessions) a day can be complete but never
 * verified. With `allowDeletes` a whole day's listing may lead to any number of deletions.
 */
export const subject = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('dictionary'), dictionary }),
  z.object({
    kind: z.literal('day'),
    day,
    filters: filters.optional(),
    limit: z.int().positive().optional(),
    allowDeletes: z.boolean().optional(),
  }),
  askedSessions,
]);
export type Subject = z.infer<typeof subject>;

/** The unit of verification, as it travels with everything read for it. Ids are plain ASCII. */
export const slice = z.object({
  runId,
  sliceId,
  lane,
  subject,
});
export type Slice = z.infer<typeof slice>;

/**
 * One reading of a slice: a fresh UUID each time a slice message is taken. Only answers of one attempt are counted
 * against each other.
 */
export const attempt = z.uuid();

/**
 * When a request was *sent*, in microseconds since 1970, on ET's clock, rising within a replica. A document of a
 * greater version replaces one of a lower; 2^53 microseconds last until the year 2255.
 */
export const version = z.int().positive();
