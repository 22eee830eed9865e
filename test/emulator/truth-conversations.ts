import type { Detail } from '#contracts';

import type { Item } from './generate/dictionaries.js';
import type { Tenant } from './tenant.js';
import { list } from './truth-dictionaries.js';
import type { TruthRow } from './truth.js';
import { datetime, json, plain, text, textOrJson, uuid } from './truth-values.js';

type Rule = (value: unknown) => unknown;
const sessionRules: readonly (readonly [Rule, readonly string[]])[] = [
  [uuid, ['id', 'caller_prev_session_id']],
  [text, ['type', 'caller_id', 'source', 'language_code', 'asr_size', 'filename', 'destination_id', 'direction']],
  [text, ['queue_name', 'campaign_name', 'term_reason']],
  [datetime, ['start_dt', 'end_dt', 'created_at', 'updated_at']],
  [plain, ['agent_id', 'group_id', 'duration', 'silence', 'silence_percent', 'agent_channel', 'comments_count']],
  [plain, ['default_scorecard_id', 'average_score', 'is_processed', 'waiting_time', 'fcr', 'csi', 'nps', 'list_id']],
  [plain, ['words_count_agent', 'words_count_client', 'words_count_both']],
  [json, ['overlaps_data', 'duration_details', 'score_details', 'additional_info']],
];

/** Rows of one session, in ET's order, natural keys possibly repeated. */
export function* conversationRows(
  tenant: Tenant,
  index: number,
  details: ReadonlySet<Detail>,
): Generator<{ table: string; row: TruthRow }> {
  const [session = {}] = list([tenant.session(index)]);
  const id = uuid(session['id']);
  if (details.has('detail')) session['additional_info'] = list([tenant.detail(index)])[0]?.['additional_info'];
  const columns = sessionRules.flatMap(([rule, names]) => names.map((name) => [name, rule(session[name])] as const));
  yield { table: 'sessions', row: Object.fromEntries(columns) };
  yield* ownLists(session, id);
  if (details.has('scores')) for (const review of list(tenant.scores(index))) yield* scoreRows(review);
  if (details.has('summary')) {
    for (const summary of list(tenant.summary(index))) yield { table: 'sessions_summaries', row: written(summary) };
  }
  if (details.has('comments')) {
    for (const comment of list(tenant.comments(index))) {
      const row = { author_id: plain(comment['author_id']), comments: textOrJson(comment['comments']) };
      yield { table: 'sessions_comments', row: { ...written(comment), ...row } };
    }
  }
  if (details.has('transcripts')) {
    const utterances = list(tenant.transcripts(index).items);
    for (const [position, item] of utterances.entries()) {
      yield { table: 'sessions_transcripts', row: utteranceRow(item, id, position) };
    }
  }
}

function* ownLists(session: Item, id: string | null): Generator<{ table: string; row: TruthRow }> {
  for (const category of list(session['categories'])) {
    const row = { session_id: id, category_id: plain(category['id']), is_verified: plain(category['is_verified']) };
    yield { table: 'sessions_categories', row };
  }
  for (const status of list(session['crm_statuses'])) {
    yield { table: 'sessions_crm_statuses', row: { session_id: id, crm_status: text(status['crm_status']) } };
  }
  for (const reviewer of list(session['reviewers'])) {
    const last = datetime(reviewer['last_reviewed_at']);
    yield {
      table: 'sessions_reviewers',
      row: { session_id: id, reviewer_id: plain(reviewer['id']), last_reviewed_at: last },
    };
  }
  for (const tag of list(session['tags'])) {
    for (const match of list(tag['match'])) {
      yield {
        table: 'sessions_tags',
        row: {
          session_id: id,
          tag_id: plain(tag['id']),
          score: plain(match['score']),
          matched_corpus_text: text(match['matched_corpus_text']),
          is_agent: plain(match['is_agent']),
          transcript_id: plain(match['transcript_id']),
          matched_query_text: text(match['matched_query_text']),
          meta: json(match['meta']),
        },
      };
    }
  }
}

function* scoreRows(review: Item): Generator<{ table: string; row: TruthRow }> {
  for (const point of list(review['point_scores'])) {
    yield {
      table: 'sessions_scores',
      row: {
        session_id: uuid(review['session_id']),
        scorecard_id: plain(review['scorecard_id']),
        reviewer_id: plain(review['reviewer_id']),
        scorecard_point_id: plain(point['scorecard_point_id']),
        score: plain(point['score']),
        comment: text(point['comment']),
      },
    };
  }
}

/** What summaries and comments have alike. */
function written(item: Item): TruthRow {
  return {
    session_id: uuid(item['session_id']),
    et_id: text(item['id']),
    text: text(item['text']),
    created_at: datetime(item['created_at']),
    updated_at: datetime(item['updated_at']),
  };
}

function utteranceRow(item: Item, sessionId: string | null, position: number): TruthRow {
  const { id, text: said, time, speaker, ...rest } = item;
  return {
    session_id: sessionId,
    transcript_id: plain(id),
    position,
    text: text(said),
    time: text(time),
    speaker: text(speaker),
    details: Object.keys(rest).length === 0 ? null : json(rest),
  };
}
