import type { Detail } from '#contracts';

import type { Cell } from './cells.js';
import type { Findings } from './findings.js';
import { isFields, listOf, type Fields } from './flatten.js';
import { shapeOf, withColumns, type Level } from './shape.js';

const session = shapeOf('session', 'session', 'detail');

const shapes = {
  scores: shapeOf('session', 'scores', 'scores[]', '[].'),
  summary: shapeOf('session', 'summary', 'summary[]', '[].'),
  comments: shapeOf('session', 'comments', 'comments[]', '[].'),
  transcripts: shapeOf('session', 'transcripts', 'transcripts.items[]', 'items[].'),
  // The whole session once more, of which one column alone is this document's.
  detail: { ...withColumns(session, (name) => name === 'id' || name === 'additional_info'), levels: [] },
} satisfies Record<Detail, Level>;
const aroundTranscripts = new Set(['items']);

/**
 * The objects that a detail's answer lists, or the reason why it cannot be an answer about this session: then it says
 * nothing about it, which is not the same as an empty list.
 */
export function readDetail(
  document: Detail,
  body: unknown,
  id: Cell,
  findings: Findings,
): { shape: Level; records: Fields[] } | { reason: string } {
  const listed = document === 'detail' ? [body] : elementsOf(document, body, findings);
  if (!listed) return { reason: 'the answer is no list' };
  const records = listed.filter(isFields);
  if (records.length < listed.length) return { reason: 'the answer holds something that is no object' };
  const named = document === 'detail' ? 'id' : 'session_id';
  if (records.some((record) => isAnother(record[named], id))) return { reason: 'the answer is about another session' };
  return { shape: shapes[document], records: document === 'transcripts' ? records.map(utterance) : records };
}

function elementsOf(document: Detail, body: unknown, findings: Findings): readonly unknown[] | undefined {
  if (document !== 'transcripts' || !isFields(body)) return listOf(body);
  findings.countUnknown('transcripts', aroundTranscripts, body);
  return listOf(body.items);
}

function isAnother(named: unknown, id: Cell): boolean {
  return typeof named === 'string' && named.toLowerCase() !== id;
}

/** What ET tells of an utterance varies: all that has no column goes into `details`. */
function utterance(item: Fields, position: number): Fields {
  const { id, text, time, speaker, ...others } = item;
  const details = Object.keys(others).length > 0 ? others : null;
  // Without ids of ET's all would be one row; its own are positive.
  return { id: id ?? -1 - position, text, time, speaker, position, details };
}
