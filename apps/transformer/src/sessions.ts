import type { Detail, RawSession, RowDocument } from '#contracts';

import type { Cell } from './cells.js';
import type { Findings } from './findings.js';
import { flatten, isFields, type Fields } from './flatten.js';
import { shapeOf, type Level } from './shape.js';

const whole = shapeOf('session', 'session', 'sessions');
const withoutInfo = withColumns(whole, (name) => name !== 'additional_info');
const infoAlone: Level = {
  ...withColumns(whole, (name) => name === 'id' || name === 'additional_info'),
  path: 'detail',
  levels: [],
};
const transcriptsKnown = new Set(['items']);

const shapes = {
  scores: shapeOf('session', 'scores', 'scores[]', '[].'),
  summary: shapeOf('session', 'summary', 'summary[]', '[].'),
  comments: shapeOf('session', 'comments', 'comments[]', '[].'),
  transcripts: shapeOf('session', 'transcripts', 'transcripts.items[]', 'items[].'),
  detail: infoAlone,
} satisfies Record<Detail, Level>;

/** A session as documents of rows. A detail whose answer has not the form of one is unknown: it says nothing about the session. */
export function mapSession(
  session: RawSession,
  id: Cell,
  detailOwnsInfo: boolean,
  findings: Findings,
): { documents: RowDocument[]; unknown: RawSession['unknown'] } {
  const shape = detailOwnsInfo ? withoutInfo : whole;
  const documents: RowDocument[] = [
    { document: 'session', version: session.version, rows: flatten(shape, [session.session], id, findings) },
  ];
  const unknown = [...session.unknown];

  for (const document of Object.keys(shapes) as Detail[]) {
    const answer = session.documents[document];
    if (!answer) continue;
    const read = recordsIn(document, answer.body, id, findings);
    if (typeof read === 'string') unknown.push({ document, reason: read });
    else documents.push({ document, version: answer.version, rows: flatten(shapes[document], read, id, findings) });
  }
  return { documents, unknown };
}

/** The objects that a detail's answer lists, or why it cannot be an answer about this session. */
function recordsIn(document: Detail, body: unknown, id: Cell, findings: Findings): Fields[] | string {
  const listed = document === 'detail' ? [body] : listIn(document, body, findings);
  if (!listed) return 'the answer is no list';
  const records = listed.filter(isFields);
  if (records.length < listed.length) return 'the answer holds something that is no object';
  const named = document === 'detail' ? 'id' : 'session_id';
  if (records.some((record) => isAnother(record[named], id))) return 'the answer is about another session';
  return document === 'transcripts' ? records.map(utterance) : records;
}

function listIn(document: Detail, body: unknown, findings: Findings): readonly unknown[] | undefined {
  if (Array.isArray(body)) return body;
  if (document !== 'transcripts' || !isFields(body) || !Array.isArray(body.items)) return undefined;
  findings.countUnknown('transcripts', transcriptsKnown, body);
  return body.items;
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

function withColumns(level: Level, kept: (name: string) => boolean): Level {
  const tables = level.tables.map((table) => ({ ...table, columns: table.columns.filter(({ name }) => kept(name)) }));
  return { ...level, tables };
}
