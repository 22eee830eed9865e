/**
 * The tables as the original script made them: what a database that is taken over looks like. Written by hand, not
 * from the loader's own specification, so that the two are compared.
 */
export interface AdoptedTable {
  readonly name: string;
  readonly columns: readonly AdoptedColumn[];
  readonly unique: readonly string[];
}
export interface AdoptedColumn {
  readonly name: string;
  readonly type: AdoptedType;
  readonly references?: string;
}
/** `identity` and `id` are primary keys; `short` and `summary` are texts of a length that may be part of a key. */
export type AdoptedType =
  | 'identity'
  | 'id'
  | 'uuid id'
  | 'uuid'
  | 'int'
  | 'bool'
  | 'float'
  | 'datetime'
  | 'text'
  | 'short'
  | 'summary'
  | 'json';

export const adoptedTables: readonly AdoptedTable[] = [
  table('scorecards', {
    id: 'id',
    name: 'text',
    type: 'text',
    na_behavior: 'text',
    count_critical_scores: 'bool',
    is_automated: 'bool',
    is_protected: 'bool',
    is_default: 'bool',
    is_archived: 'bool',
  }),
  table('groups', { id: 'id', name: 'text', scorecard_id: 'int -> scorecards', is_default: 'bool' }),
  table('agents', { id: 'id', name: 'text', phone_number: 'text', is_active: 'bool', deactivated_at: 'datetime' }),
  table(
    'agent_group_associations',
    { id: 'identity', group_id: 'int -> groups', agent_id: 'int -> agents', start_dt: 'datetime' },
    ['group_id', 'agent_id', 'start_dt'],
  ),
  table('users', {
    id: 'id',
    email: 'text',
    is_active: 'bool',
    is_superuser: 'bool',
    full_name: 'text',
    agent_id: 'int -> agents',
    agent_group_id: 'int -> groups',
    language: 'text',
    uuid: 'uuid',
    invite_expires: 'datetime',
  }),
  table('categories', {
    id: 'id',
    name: 'text',
    filter_data: 'text',
    position: 'int',
    created_at: 'datetime',
    updated_at: 'datetime',
  }),
  table('labels', { id: 'id', text: 'text' }),
  table('category_labels', { id: 'identity', category_id: 'int -> categories', label_id: 'int -> labels' }, [
    'category_id',
    'label_id',
  ]),
  table('scorecard_categories', { id: 'id', name: 'text', scorecard_id: 'int -> scorecards', sort_order: 'int' }, [
    'id',
    'scorecard_id',
  ]),
  table(
    'scorecard_points',
    {
      id: 'id',
      scorecard_id: 'int -> scorecards',
      category_id: 'int -> scorecard_categories',
      name: 'text',
      description: 'text',
      sort_order: 'int',
      critical: 'bool',
      max_score: 'int',
      allow_partial_score: 'bool',
    },
    ['id', 'scorecard_id'],
  ),
  table('tags', {
    id: 'id',
    name: 'text',
    type: 'text',
    team_id: 'int -> groups',
    is_archived: 'bool',
    archived_by_id: 'int -> users',
    archived_at: 'datetime',
  }),
  table('tag_labels', { id: 'identity', tag_id: 'int -> tags', label_id: 'int -> labels' }, ['tag_id', 'label_id']),
  table('sessions', {
    id: 'uuid id',
    type: 'text',
    caller_id: 'text',
    source: 'text',
    language_code: 'text',
    asr_size: 'text',
    filename: 'text',
    destination_id: 'text',
    start_dt: 'datetime',
    direction: 'text',
    agent_id: 'int -> agents',
    group_id: 'int -> groups',
    duration: 'float',
    silence: 'float',
    silence_percent: 'float',
    agent_channel: 'int',
    comments_count: 'int',
    default_scorecard_id: 'int -> scorecards',
    average_score: 'float',
    is_processed: 'bool',
    overlaps_data: 'json',
    duration_details: 'json',
    score_details: 'json',
    queue_name: 'text',
    campaign_name: 'text',
    term_reason: 'text',
    waiting_time: 'int',
    fcr: 'int',
    csi: 'int',
    nps: 'int',
    list_id: 'int',
    words_count_agent: 'int',
    words_count_client: 'int',
    words_count_both: 'int',
    caller_prev_session_id: 'uuid',
    additional_info: 'json',
  }),
  ofSession('sessions_categories', { category_id: 'int -> categories', is_verified: 'bool' }, [
    'category_id',
    'is_verified',
  ]),
  ofSession('sessions_crm_statuses', { crm_status: 'short' }, ['crm_status']),
  ofSession('sessions_reviewers', { reviewer_id: 'int -> users', last_reviewed_at: 'datetime' }, ['reviewer_id']),
  ofSession(
    'sessions_scores',
    {
      scorecard_id: 'int -> scorecards',
      reviewer_id: 'int -> users',
      scorecard_point_id: 'int -> scorecard_points',
      score: 'int',
      comment: 'text',
    },
    ['scorecard_id', 'reviewer_id', 'scorecard_point_id'],
  ),
  ofSession(
    'sessions_tags',
    {
      tag_id: 'int -> tags',
      score: 'float',
      matched_corpus_text: 'text',
      is_agent: 'bool',
      transcript_id: 'int',
      matched_query_text: 'text',
      meta: 'json',
    },
    ['tag_id', 'transcript_id'],
  ),
  ofSession('sessions_comments', { author_id: 'int -> users', text: 'text', comments: 'text' }, []),
  ofSession('sessions_summaries', { text: 'summary' }, ['text']),
];

function ofSession(name: string, columns: Readonly<Record<string, string>>, unique: string[]): AdoptedTable {
  return table(name, { id: 'identity', session_id: 'uuid -> sessions', ...columns }, ['session_id', ...unique]);
}

function table(name: string, columns: Readonly<Record<string, string>>, unique: string[] = []): AdoptedTable {
  return {
    name,
    unique,
    columns: Object.entries(columns).map(([column, definition]) => {
      const [type = '', references] = definition.split(' -> ');
      return { name: column, type: type as AdoptedType, ...(references ? { references } : {}) };
    }),
  };
}
