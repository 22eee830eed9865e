import type { Row } from '#contracts';

import { uuidOf } from '../row-batches.js';
import { literal, quoted, type AdoptedDialect } from './ddl.js';
import { adoptedTables } from './tables.js';

/** A session that ET still has, changed, and one that it has no more. */
export const kept = uuidOf(1);
export const dropped = uuidOf(2);

/** What the original had loaded: children that ET has dropped since, older summaries, one comment a session. */
export const adoptedRows: Readonly<Record<string, readonly Readonly<Row>[]>> = {
  scorecards: [{ id: 1, name: 'Quality', is_default: true }],
  groups: [{ id: 1, name: 'Sales', scorecard_id: 1, is_default: false }],
  agents: [{ id: 5, name: 'Олена', is_active: true }],
  agent_group_associations: [{ group_id: 1, agent_id: 5, start_dt: '2020-01-01 09:30:00.127' }],
  users: [{ id: 7, email: 'lead@example.com', agent_id: 5, agent_group_id: 1, uuid: uuidOf(700) }],
  categories: [{ id: 3, name: 'Refund', created_at: '2021-02-03 04:05:06.007' }],
  labels: [{ id: 2, text: 'VIP' }],
  category_labels: [{ category_id: 3, label_id: 2 }],
  scorecard_categories: [{ id: 10, name: 'Opening', scorecard_id: 1, sort_order: 1 }],
  scorecard_points: [
    { id: 100, scorecard_id: 1, category_id: 10, name: 'Greeting' },
    { id: 101, scorecard_id: 1, category_id: 10, name: 'of a time before' },
  ],
  tags: [
    { id: 20, name: 'price', team_id: 1, archived_by_id: 7 },
    { id: 21, name: 'of a time before' },
  ],
  tag_labels: [{ tag_id: 20, label_id: 2 }],
  sessions: [
    {
      id: kept,
      type: 'call',
      start_dt: '2026-02-01 10:00:00.123',
      agent_id: 5,
      group_id: 1,
      duration: 61.25,
      default_scorecard_id: 1,
      is_processed: false,
      score_details: '{"automated": 1.5, "manual": null}',
    },
    { id: dropped, type: 'chat', start_dt: '2026-01-01 10:00:00.000', agent_id: 5, is_processed: true },
  ],
  sessions_categories: [
    { session_id: kept, category_id: 3, is_verified: true },
    { session_id: kept, category_id: 3, is_verified: false },
  ],
  sessions_crm_statuses: [{ session_id: kept, crm_status: 'Paid' }],
  sessions_reviewers: [{ session_id: kept, reviewer_id: 7, last_reviewed_at: '2026-02-02 11:00:00.000' }],
  sessions_scores: [
    { session_id: kept, scorecard_id: 1, reviewer_id: 7, scorecard_point_id: 100, score: 3 },
    { session_id: kept, scorecard_id: 1, reviewer_id: 7, scorecard_point_id: 101, score: 1 },
  ],
  sessions_tags: [
    { session_id: kept, tag_id: 20, transcript_id: 1, score: 0.5, is_agent: true, meta: '{"words": [1, 2]}' },
    { session_id: kept, tag_id: 20, transcript_id: null, score: 0.75, is_agent: false },
    { session_id: kept, tag_id: 21, transcript_id: 4, score: 0.25, is_agent: true },
    { session_id: dropped, tag_id: 20, transcript_id: 9, score: 1, is_agent: true },
  ],
  sessions_comments: [
    { session_id: kept, author_id: 7, text: 'Well done' },
    { session_id: dropped, author_id: 7, text: 'Call back' },
  ],
  sessions_summaries: [
    { session_id: kept, text: 'An older summary' },
    { session_id: kept, text: 'The summary' },
  ],
};

/** The same session and its tags as ET gives them now. */
export const session = {
  type: 'call',
  start_dt: '2026-02-01 10:00:00.123',
  agent_id: 5,
  group_id: 1,
  duration: 61.25,
  default_scorecard_id: 1,
  is_processed: true,
  score_details: '{"automated":1.5,"manual":null}',
};
export const tags: Row[] = [
  { tag_id: 20, transcript_id: 1, score: 0.5, is_agent: true, meta: '{"words":[1,2]}' },
  { tag_id: 20, transcript_id: null, score: 0.5, is_agent: false },
];

/** The statements that fill an adopted database. */
export function adoptedInserts(dialect: AdoptedDialect): string[] {
  return adoptedTables.flatMap(({ name, columns }) =>
    (adoptedRows[name] ?? []).map((row) => {
      const given = columns.filter((column) => column.name in row);
      const values = given.map((column) => literal(dialect, column.type, row[column.name] ?? null));
      const names = given.map((column) => quoted(dialect, column.name));
      return `insert into ${quoted(dialect, name)} (${names.join(', ')}) values (${values.join(', ')})`;
    }),
  );
}
