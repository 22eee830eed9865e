import { createHash } from 'node:crypto';

import { tables } from '#contracts';

import { ledgerTables } from '../ledger-tables.js';
import type { Grammar } from './grammar.js';
import { ledgerViews } from './ledger-views.js';

/** A column of a view; `sql` is standard SQL. */
export interface ViewColumn {
  readonly name: string;
  readonly sql: string;
  readonly meaning: string;
}

/** What people read instead of the tables. Rows are those of the first table of `from`, never more. */
export interface View {
  readonly name: string;
  readonly meaning: string;
  readonly columns: readonly ViewColumn[];
  readonly from: readonly string[];
}

/** Unless the loader noted another one in `etl_state`. */
const USUAL_LINK = 'https://app.enderturing.com/sessions/{id}';

/** Of the conversation, in every view of what hangs on one. */
const ofSession = [
  column('session_id', 's."id"', 'The conversation'),
  column('start_dt', 's."start_dt"', "Begin of the conversation, in ET's time zone"),
  column('agent_id', 's."agent_id"', 'The agent'),
  column('agent_name', 'a."name"', "The agent's name"),
  column('group_id', 's."group_id"', "The agent's group then"),
  column('group_name', 'g."name"', "The group's name"),
];
const joinsOfSession = [
  'left join "agents" a on a."id" = s."agent_id"',
  'left join "groups" g on g."id" = s."group_id"',
];
/** Of a placeholder nothing but the id is known. */
const standing = 'where s."_etl_deleted_at" is null and s."_etl_placeholder" is null';

/** Names that follow the columns they explain. */
const namesOfSession: Readonly<Record<string, readonly ViewColumn[]>> = {
  id: [
    column(
      'link',
      `replace(coalesce(l."value", '${USUAL_LINK}'), '{id}', lower(cast(s."id" as char(36))))`,
      'Address of the conversation in ET',
    ),
  ],
  agent_id: [
    column('agent_name', 'a."name"', "The agent's name"),
    column('user_id', 'u."id"', "The agent's user account; the newest of several"),
    column('user_full_name', 'u."full_name"', 'Name in that account'),
    column('user_email', 'u."email"', 'E-mail address of that account'),
  ],
  group_id: [column('group_name', 'g."name"', "The group's name")],
  default_scorecard_id: [column('default_scorecard_name', 'c."name"', "The scorecard's name")],
};

const sessionColumns = tables.find(({ name }) => name === 'sessions')?.columns ?? [];

/** Every view, in the order in which they are made. */
export const views: readonly View[] = [
  {
    name: 'v_sessions',
    meaning: 'Conversations with the names of agent, group and user',
    columns: [
      ...sessionColumns.flatMap(({ name, meaning }) => [
        column(name, `s."${name}"`, meaning),
        ...(namesOfSession[name] ?? []),
      ]),
      column('synced_at', 's."_etl_synced_at"', 'When the loader last wrote this row, UTC'),
    ],
    from: [
      'from "sessions" s',
      ...joinsOfSession,
      'left join (select "agent_id", max("id") as "id" from "users" where "_etl_deleted_at" is null group by "agent_id") n on n."agent_id" = s."agent_id"',
      'left join "users" u on u."id" = n."id"',
      'left join "scorecards" c on c."id" = s."default_scorecard_id"',
      `left join "etl_state" l on l."name" = 'session_link'`,
      standing,
    ],
  },
  {
    name: 'v_scores',
    meaning: 'Scores with the names of scorecard, section, point and reviewer: one row a reviewer and point',
    columns: [
      ...ofSession,
      column('scorecard_id', 'r."scorecard_id"', 'The scorecard'),
      column('scorecard_name', 'c."name"', "The scorecard's name"),
      column('category_id', 'p."category_id"', 'The section of the scorecard'),
      column('category_name', 'k."name"', "The section's name"),
      column('scorecard_point_id', 'r."scorecard_point_id"', 'The point'),
      column('point_name', 'p."name"', "The point's name"),
      column('critical', 'p."critical"', 'Failing it fails the whole score'),
      column('reviewer_id', 'r."reviewer_id"', 'The reviewer; 0 is ET itself'),
      column('reviewer_name', 'u."full_name"', "The reviewer's name"),
      column('score', 'r."score"', 'The score'),
      column('max_score', 'p."max_score"', 'Highest score of the point'),
      column('score_percent', '100.0 * r."score" / nullif(p."max_score", 0)', 'The score, per cent of the highest'),
      column('comment', 'r."comment"', "The reviewer's remark"),
      column('synced_at', 'r."_etl_synced_at"', 'When the loader last wrote this row, UTC'),
    ],
    from: [
      'from "sessions_scores" r',
      'join "sessions" s on s."id" = r."session_id"',
      ...joinsOfSession,
      'left join "scorecards" c on c."id" = r."scorecard_id"',
      'left join "scorecard_points" p on p."id" = r."scorecard_point_id"',
      'left join "scorecard_categories" k on k."id" = p."category_id"',
      'left join "users" u on u."id" = r."reviewer_id"',
      standing,
    ],
  },
  {
    name: 'v_tags',
    meaning: 'Where tags were found, with their names: one row a match',
    columns: [
      ...ofSession,
      column('tag_id', 't."tag_id"', 'The tag'),
      column('tag_name', 'd."name"', "The tag's name"),
      column('tag_type', 'd."type"', 'Kind of tag'),
      column('score', 't."score"', 'How well it matched'),
      column('is_agent', 't."is_agent"', 'Said by the agent'),
      column('transcript_id', 't."transcript_id"', 'The utterance'),
      column('matched_corpus_text', 't."matched_corpus_text"', 'What was said'),
      column('matched_query_text', 't."matched_query_text"', 'What was looked for'),
      column('synced_at', 't."_etl_synced_at"', 'When the loader last wrote this row, UTC'),
    ],
    from: [
      'from "sessions_tags" t',
      'join "sessions" s on s."id" = t."session_id"',
      ...joinsOfSession,
      'left join "tags" d on d."id" = t."tag_id"',
      standing,
    ],
  },
  ...ledgerViews,
];

const tableNames: ReadonlySet<string> = new Set([...tables, ...ledgerTables].map(({ name }) => name));

/**
 * The query behind a view in a dialect's words. Columns that stand already come first, in their order: PostgreSQL
 * replaces no view whose columns would move.
 */
export function selectOf(
  view: View,
  standing: readonly string[],
  { quote, qualified }: Pick<Grammar, 'quote' | 'qualified'>,
): string {
  const place = ({ name }: ViewColumn) => (standing.includes(name) ? standing.indexOf(name) : standing.length);
  const ordered = view.columns.toSorted((a, b) => place(a) - place(b));
  const list = ordered.map(({ name, sql }) => `  ${sql} as "${name}"`).join(',\n');
  return [`select\n${list}`, ...view.from]
    .join('\n')
    .replace(/"(\w+)"/g, (_, name: string) => (tableNames.has(name) ? qualified(name) : quote(name)));
}

/** Tells one definition of a view from another, whatever the dialect. */
export function editionOf({ columns, from }: View): string {
  const text = JSON.stringify([columns.map(({ name, sql }) => [name, sql]), from]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The row of `etl_state` that tells which definition of a view stands. */
export function editionName(view: string): string {
  return `view ${view}`;
}

function column(name: string, sql: string, meaning: string): ViewColumn {
  return { name, sql, meaning };
}
