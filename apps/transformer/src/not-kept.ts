const ofSessions = [
  'compliance_matches',
  'ptp_kept_prediction',
  'comment_author_ids',
  'group',
  'agent',
  'agent_name',
  'category_ids',
  'emotions',
  'activity',
  'sentiments',
  'events_call_id',
  'low_quality',
];

/**
 * Fields that ET is known to send and no column takes, by the path of their object: not reported as unknown.
 * Source: ET's public SDK and help pages.
 */
export const notKept: Readonly<Record<string, readonly string[]>> = {
  agents: ['user', 'reactions', 'phone_number_aliases'],
  groups: ['additional_scorecards'],
  labels: ['color'],
  scorecards: ['team_ids'],
  'scorecards.categories[]': ['scorecard_id'],
  'scorecards.categories[].points[]': ['scorecard_id', 'category_id', 'score_values', 'user_data'],
  'categories.labels[]': ['text', 'color'],
  tags: ['words', 'phrases', 'color'],
  'tags.labels[]': ['text', 'color'],
  users: ['role_ids', 'permissions'],
  sessions: ofSessions,
  detail: ofSessions,
  'sessions.reviewers[]': ['name'],
  'scores[]': ['id'],
  'scores[].point_scores[]': ['id', 'meta'],
};
