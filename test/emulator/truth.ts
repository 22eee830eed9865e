import type { Detail } from '#contracts';

import type { Tenant } from './tenant.js';
import { conversationRows } from './truth-conversations.js';
import { dictionaryRows } from './truth-dictionaries.js';

/**
 * A row as the warehouse must hold it: natural columns only, neither the identity `id` of child tables nor `_etl_*`.
 * JSON columns are parsed values, so parse what the database gives before comparing; `filter_data` and `comments`
 * are text columns and stay text. Date-times are naive text, UUIDs lower-case text, ET ids of texts (`et_id`) text.
 */
export type TruthRow = Record<string, unknown>;

export interface TruthOptions {
  /** Which details are loaded; tables of the others stay empty. */
  readonly details: readonly Detail[];
  /** Only sessions that these days list, `YYYY-MM-DD`, both ends inclusive. */
  readonly from?: string;
  readonly to?: string;
}

/** What makes two rows the same one, nulls being equal; the last one in ET's order holds. */
const naturalKeys: Readonly<Record<string, readonly string[]>> = {
  agents: ['id'],
  scorecards: ['id'],
  groups: ['id'],
  agent_group_associations: ['group_id', 'agent_id', 'start_dt'],
  users: ['id'],
  categories: ['id'],
  labels: ['id'],
  category_labels: ['category_id', 'label_id'],
  scorecard_categories: ['id', 'scorecard_id'],
  scorecard_points: ['id', 'scorecard_id'],
  tags: ['id'],
  tag_labels: ['tag_id', 'label_id'],
  sessions: ['id'],
  sessions_categories: ['session_id', 'category_id', 'is_verified'],
  sessions_crm_statuses: ['session_id', 'crm_status'],
  sessions_reviewers: ['session_id', 'reviewer_id'],
  sessions_scores: ['session_id', 'scorecard_id', 'reviewer_id', 'scorecard_point_id'],
  sessions_tags: ['session_id', 'tag_id', 'transcript_id'],
  sessions_comments: ['session_id', 'et_id'],
  sessions_summaries: ['session_id', 'et_id'],
  sessions_transcripts: ['session_id', 'transcript_id'],
};

/** The names of all tables that `truth` knows. */
export const truthTables: readonly string[] = Object.keys(naturalKeys);

/** A row's natural key as text: equal texts, equal keys. */
export function truthKey(table: string, row: TruthRow): string {
  const columns = naturalKeys[table];
  if (!columns) throw new Error(`no table ${table}`);
  return JSON.stringify(columns.map((name) => row[name]));
}

/**
 * Every row the warehouse must hold after a complete load of the tenant as it is now, session by session, so that
 * memory does not grow with the tenant. Records that cannot be mapped give none.
 */
export function* truth(tenant: Tenant, options: TruthOptions): Generator<{ table: string; row: TruthRow }> {
  yield* lastOfEqual(dictionaryRows(tenant));
  const details = new Set(options.details);
  for (const index of tenant.indexes()) {
    const day = tenant.dayOf(index);
    if (day < (options.from ?? day) || day > (options.to ?? day) || tenant.isUnmappable(index)) continue;
    yield* lastOfEqual(conversationRows(tenant, index, details));
  }
}

/** The rows of one session; none where ET does not have it, or it cannot be mapped. */
export function truthOfSession(tenant: Tenant, id: string, options: TruthOptions): { table: string; row: TruthRow }[] {
  const index = tenant.indexOf(id);
  if (index === undefined || tenant.isUnmappable(index)) return [];
  return lastOfEqual(conversationRows(tenant, index, new Set(options.details)));
}

/** All rows by table, for tenants small enough to be held whole; every table is there, if empty. */
export function truthByTable(tenant: Tenant, options: TruthOptions): Map<string, TruthRow[]> {
  const tables = new Map(truthTables.map((table) => [table, [] as TruthRow[]]));
  for (const { table, row } of truth(tenant, options)) tables.get(table)?.push(row);
  return tables;
}

function lastOfEqual(rows: Iterable<{ table: string; row: TruthRow }>): { table: string; row: TruthRow }[] {
  const kept = new Map<string, { table: string; row: TruthRow }>();
  for (const entry of rows) kept.set(`${entry.table} ${truthKey(entry.table, entry.row)}`, entry);
  return [...kept.values()];
}
