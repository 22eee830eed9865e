import { createHash } from 'node:crypto';

import { tables, type Answered, type Column, type Row, type RowBatch } from '#contracts';

import { answeredOf, batchOf, sessionDocument, uuidOf } from '../support/row-batches.js';

/** Rows of each child table that a sample session has; with its own row 16 in all. */
const children = {
  session: { sessions_categories: 2, sessions_crm_statuses: 1, sessions_reviewers: 1, sessions_tags: 4 },
  scores: { sessions_scores: 5 },
  summary: { sessions_summaries: 1 },
  comments: { sessions_comments: 1 },
} as const;
export const ROWS_PER_SESSION = 16;
const SESSIONS_PER_BATCH = 50;
const BATCHES_PER_GROUP = 10;
export const SESSIONS_PER_GROUP = SESSIONS_PER_BATCH * BATCHES_PER_GROUP;

/** A day of 2,000 sessions. */
const GROUPS_PER_DAY = 4;
const FIRST_DAY = Date.UTC(2020, 0, 1);

/**
 * What goes into one transaction: 500 sessions. `content` other than before changes a value in nearly every row; each
 * `version` is a reading of its own. The same batch has the same identity in whatever process it is made.
 */
export function sampleGroup(group: number, content: number, version: number): RowBatch[] {
  const day = new Date(FIRST_DAY + Math.floor(group / GROUPS_PER_DAY) * 86_400_000).toISOString().slice(0, 10);
  const facts = { runId: `backfill-${version}`, attempt: uuidOf(-version), subject: { kind: 'day', day } } as const;
  return Array.from({ length: BATCHES_PER_GROUP }, (_, batch) => {
    const page = group * BATCHES_PER_GROUP + batch;
    const first = page * SESSIONS_PER_BATCH;
    const sessions = Array.from({ length: SESSIONS_PER_BATCH }, (_, index) => session(first + index, content, version));
    const made = batchOf(sessions, facts);
    const sha = createHash('sha256').update(`${page} ${version}`).digest('hex');
    return { ...made, identity: { ...made.identity, page, sha } };
  });
}

function session(number: number, content: number, version: number): Answered {
  const key = uuidOf(number);
  const documents = Object.entries(children).map(([document, counts]) => {
    const sets = Object.entries(counts).map(([table, count]) => [
      table,
      Array.from({ length: count }, (_, index) => cells(table, index, content)),
    ]);
    const rows = Object.fromEntries(sets) as Record<string, Row[]>;
    if (document === 'session') rows['sessions'] = [cells('sessions', number, content)];
    return sessionDocument(key, document as keyof typeof children, version, rows);
  });
  return answeredOf(key, documents);
}

function cells(name: string, index: number, content: number): Row {
  const table = tables.find((candidate) => candidate.name === name);
  const given = table?.columns.filter((column) => column.name !== 'id' && column.name !== 'session_id') ?? [];
  return Object.fromEntries(
    given.map((column) => [column.name, cell(column, index, table?.key.includes(column.name) ? 0 : content)]),
  );
}

function cell({ name, type }: Column, index: number, content: number): Row[string] {
  switch (type) {
    case 'int':
    case 'bigint':
      return index * 7 + content;
    case 'float':
      return (index + content) / 3;
    case 'bool':
      return index % 2 === 0;
    case 'datetime':
      return '2026-01-02 03:04:05.123456';
    case 'json':
      return JSON.stringify({ agent: [1.5, 2.25, content], client: [index] });
    case 'uuid':
      return uuidOf(index);
    default:
      return `${name} — слово ${index} ${content}`;
  }
}
