import { createHash, randomUUID } from 'node:crypto';

import { answered, rawBatch, rowBatch, type RawBatch, type RejectDetail, type RowBatch } from '#contracts';

/** What is to be sent for a reject, and to whom; or why nothing can be. */
export type Replay =
  | { readonly stage: 'raw'; readonly body: RawBatch }
  | { readonly stage: 'rows'; readonly body: RowBatch }
  | { readonly problem: string };

/**
 * Makes a batch of a reject's raw form, under the slice and attempt that it was rejected in: the transformer answers
 * for what ET sent, the loader for what it refused of the transformer's.
 */
export function replayOf(reject: RejectDetail): Replay {
  if (reject.raw === null) return { problem: 'its raw form is no longer kept' };
  const record = parsed(reject.raw);
  if (record === undefined) return { problem: 'its raw form was cut at 256 KiB' };
  const batch = reject.form === 'rows' ? rowsOf(reject, record) : rawOf(reject, record);
  return batch ?? { problem: 'its raw form is of another version of this program' };
}

function rawOf(reject: RejectDetail, record: unknown): Replay | undefined {
  const { entity, version } = reject;
  const content =
    entity === 'session'
      ? { kind: 'sessions', detailOwnsInfo: asksForDetail(record), sessions: [record] }
      : { kind: 'dictionary', dictionary: entity, version, items: [record] };
  const { success, data } = rawBatch.safeParse({ identity: identityOf(reject), content });
  return success ? { stage: 'raw', body: data } : undefined;
}

function rowsOf(reject: RejectDetail, record: unknown): Replay | undefined {
  const told = answered.safeParse(record);
  if (!told.success) return undefined;
  const { entity } = reject;
  const nothing = { rejects: [], unknownFields: {}, cleaned: { nul: 0, surrogates: 0 } };
  const { success, data } = rowBatch.safeParse({
    identity: identityOf(reject),
    entity,
    answered: [told.data],
    ...nothing,
  });
  return success ? { stage: 'rows', body: data } : undefined;
}

/** Each replay is a batch of its own: the loader takes one that it has seen for a copy. */
function identityOf({ slice, attempt, id }: RejectDetail) {
  const sha = createHash('sha256').update(`${id} ${randomUUID()}`).digest('hex');
  return { slice, attempt, page: 0, number: 0, sha, replay: true };
}

/** Where `/sessions/{id}` is asked for, every session tells of it, be it that it was not to be had. */
function asksForDetail(record: unknown): boolean {
  const { documents, unknown } = record as { documents?: object; unknown?: unknown };
  const missing = Array.isArray(unknown) ? (unknown as { document?: unknown }[]) : [];
  return (documents && 'detail' in documents) || missing.some(({ document }) => document === 'detail');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
