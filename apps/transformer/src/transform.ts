import {
  itemKey,
  MAX_RAW_BYTES,
  sessionKey,
  type Answered,
  type RawBatch,
  type RawSession,
  type Reject,
  type RowBatch,
} from '#contracts';

import { toCell } from './cells.js';
import { clean, cutBytes } from './cleaning.js';
import { mapItem } from './dictionaries.js';
import { Findings } from './findings.js';
import { mapSession } from './sessions.js';

type Answer = Pick<Answered, 'outcome' | 'documents' | 'unknown' | 'gone'>;

/**
 * The rows of a raw batch, under the same identity. Every record of the batch is answered for exactly once and in
 * order: one that cannot be mapped is rejected with its reason and raw form, and the rest goes on. Pure, and throws
 * for nothing that ET can send.
 */
export function transform(batch: RawBatch): RowBatch {
  const { identity, content } = batch;
  const findings = new Findings();
  const answered: Answered[] = [];
  const rejects: Reject[] = [];

  const answer = <T>(record: T, key: string, version: number, map: (cleaned: T, key: string) => Answer): void => {
    const { text, result } = attempt(record, key, map, findings);
    if (typeof result === 'object') {
      answered.push({ key, ...result });
      return;
    }
    answered.push({ key, outcome: 'rejected', documents: [], unknown: [] });
    rejects.push({ key, reason: result, raw: cutBytes(text, MAX_RAW_BYTES), version });
  };

  if (content.kind === 'sessions') {
    for (const session of content.sessions) {
      answer(session, sessionKey(session), session.version, (cleaned, key) =>
        answerSession(cleaned, key, content.detailOwnsInfo, findings),
      );
    }
  } else {
    const { dictionary, version } = content;
    for (const item of content.items) {
      answer(item, itemKey(item), version, (cleaned, key) => ({
        outcome: 'loaded',
        documents: mapItem(dictionary, version, cleaned, key, findings),
        unknown: [],
      }));
    }
  }
  return {
    identity,
    entity: content.kind === 'sessions' ? 'session' : content.dictionary,
    answered,
    rejects,
    unknownFields: findings.unknownFields(),
    cleaned: findings.cleaned,
  };
}

function answerSession(session: RawSession, key: string, detailOwnsInfo: boolean, findings: Findings): Answer {
  const id = toCell('uuid', key) ?? null;
  if (id === null) findings.fault('sessions.id', 'uuid', session.id);
  if (session.gone !== undefined) return { outcome: 'gone', gone: session.gone, documents: [], unknown: [] };
  const { documents, unknown } = mapSession(session, id, detailOwnsInfo, findings);
  return { outcome: unknown.length > 0 ? 'unknown' : 'loaded', documents, unknown };
}

/** What a record maps to, or the reason why it cannot be mapped; `text` is its JSON. */
function attempt<T>(
  record: T,
  key: string,
  map: (cleaned: T, key: string) => Answer,
  findings: Findings,
): { text: string; result: Answer | string } {
  let text = '"nested too deep to be written"';
  try {
    text = JSON.stringify(record);
    const result = map(clean(record, text, findings.cleaned), key);
    return { text, result: findings.takeFaults() ?? result };
  } catch (error) {
    // The one thing JSON can hold that a program cannot: more levels than its stack has.
    if (!(error instanceof RangeError)) throw error;
    findings.takeFaults();
    return { text, result: 'nested too deep' };
  }
}
