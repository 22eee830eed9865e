import { createHash } from 'node:crypto';

import type { BatchIdentity, Detail, RawBatch, RawSession } from '#contracts';

import { cut, jsonBytes } from '../cut.js';

/** JSON of one raw batch, about; and of one session in it, at most. */
const BATCH_BYTES = 512 * 1024;
const SESSION_BYTES = 8 * 1024 * 1024;

type Content = RawBatch['content'];

/** Where in an attempt a batch belongs. */
export type Place = Omit<BatchIdentity, 'number' | 'sha'>;

/** The raw batches of a page; usually one. `wanted` are the details this installation asks for. */
export function sessionBatches(
  { slice, attempt, page }: Place,
  asked: readonly { readonly raw: RawSession }[],
  wanted: readonly Detail[],
): RawBatch[] {
  const fitting = asked.map(({ raw }) => fit(raw, SESSION_BYTES));
  const detailOwnsInfo = wanted.includes('detail');
  return batches({ slice, attempt, page }, fitting, (sessions) => ({ kind: 'sessions', detailOwnsInfo, sessions }));
}

/** The raw batches of one answer of a dictionary. */
export function dictionaryBatches(
  place: Place,
  content: Omit<Extract<Content, { kind: 'dictionary' }>, 'kind'>,
): RawBatch[] {
  return batches(place, content.items, (items) => ({ kind: 'dictionary', ...content, items }));
}

/**
 * A session of at most `bytes` as JSON. What is too large for that is unknown: its transcripts first, then every
 * document but the session itself, which its listing has held to the same limit.
 */
export function fit(session: RawSession, bytes: number): RawSession {
  if (jsonBytes(session) <= bytes) return session;
  const { transcripts, ...smaller } = session.documents;
  const without = transcripts ? unknownAs(session, ['transcripts'], smaller) : session;
  if (jsonBytes(without) <= bytes) return without;
  return unknownAs(without, Object.keys(without.documents) as (keyof RawSession['documents'])[], {});
}

function unknownAs(
  session: RawSession,
  missing: readonly (keyof RawSession['documents'])[],
  documents: RawSession['documents'],
): RawSession {
  const unknown = missing.map((document) => ({ document, reason: 'too large for a message' }));
  return { ...session, documents, unknown: [...session.unknown, ...unknown] };
}

function batches<T>(place: Place, items: readonly T[], contentOf: (items: T[]) => Content): RawBatch[] {
  return cut(items, { count: Number.POSITIVE_INFINITY, bytes: BATCH_BYTES }).map((part, number) => {
    const content = contentOf(part);
    const sha = createHash('sha256').update(JSON.stringify(content)).digest('hex');
    return { identity: { ...place, number, sha }, content };
  });
}
