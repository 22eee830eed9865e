import type { Item } from './dictionaries.js';
import { firstIds, unlisted } from './dictionaries.js';
import { type Facts, type Origin, SESSION_UUIDS } from './facts.js';
import { uuidOf } from './ids.js';
import { forms, momentText } from './moments.js';
import { Random } from './random.js';
import { maybeText, oddTexts, text } from './texts.js';

const HOUR = 3_600_000_000;
const crmStatuses = ['Paid', 'paid', 'Pa\u0000id', 'Оплачено', '✅ done', 'У черзі', null];
/** The ways in which ET says that a list is empty. */
const noList = [[], null, undefined];

/** A session as `/sessions` lists it: about 3 KB of JSON. An undefined value is a key that ET leaves out. */
export function sessionOf(origin: Origin, facts: Facts): Item {
  const { options, index, place, edit } = origin;
  const random = new Random(options.seed, 'body', index);
  const maybe = <T>(value: T): T | null | undefined => {
    const luck = random.unit();
    return luck < 0.06 ? null : luck < 0.1 ? undefined : value;
  };
  const begin = place.micros - options.utcOffsetHours * HOUR;
  const at = (seconds: number): string => momentText(place.day, begin + seconds * 1_000_000, random.pick(forms));
  const duration = random.chance(0.2) ? random.between(0, 3600) : random.unit() * 1800;
  const silence = duration * random.unit();
  const words = random.below(2000);
  const averageScore = random.unit() * 100;
  // Drawn whether needed or not, so that a change leaves all else as it was.
  const [noTags, noCategories, noReviewers] = [random.pick(noList), random.pick(noList), random.pick(noList)];
  const noScores = maybe({});
  const previous = uuidOf(options.seed, SESSION_UUIDS, random.below(index + 1));
  return {
    id: facts.id,
    type: random.pick(['call', 'chat', 'email', 'ticket']),
    caller_id: maybe(`+38067${random.between(1_000_000, 9_999_999)}`),
    source: random.pick(['asterisk', 'genesys', null]),
    language_code: random.pick(['uk-UA', 'en-US', 'ru-RU']),
    asr_size: maybe('large'),
    filename: maybe(`2026/in/${previous.slice(0, 8)}-${text(random, 1)}.wav`),
    destination_id: maybe(String(random.between(100, 999))),
    start_dt: random.chance(0.002) ? null : at(0),
    end_dt: maybe(at(Math.ceil(duration))),
    created_at: at(5000),
    updated_at: at(9000 + edit.revision * 3600),
    direction: random.pick(['in', 'out', null]),
    agent_id: facts.agentId,
    group_id: maybe(random.chance(0.02) ? unlisted.group : firstIds.groups + random.below(options.sizes.groups)),
    duration,
    silence: maybe(silence),
    silence_percent: maybe(duration === 0 ? 0 : (silence / duration) * 100),
    agent_channel: maybe(random.below(2)),
    comments_count: facts.comments > 0 ? facts.comments : maybe(0),
    default_scorecard_id: maybe(firstIds.scorecards + random.below(options.sizes.scorecards)),
    average_score: facts.reviewers.length > 0 ? (averageScore + edit.scores) % 100 : null,
    is_processed: facts.processed ? maybe(true) : false,
    overlaps_data: maybe({ client: random.below(9), agent: [random.unit(), null] }),
    duration_details: maybe({ '0': duration, '1': silence }),
    score_details:
      facts.reviewers.length > 0
        ? { automated_score: averageScore, manual_score: facts.manual ? 50 + edit.scores : null }
        : noScores,
    queue_name: maybe(text(random, 1)),
    campaign_name: maybeText(random, 1),
    term_reason: random.pick(['agent', 'client', 'Client hung up \u{1f4de}', null]),
    waiting_time: maybe(random.below(600)),
    fcr: maybe(random.below(2)),
    csi: maybe(random.between(1, 5)),
    nps: maybe(random.between(-100, 100)),
    list_id: maybe(random.below(50)),
    words_count_agent: maybe(words),
    words_count_client: maybe(words >> 1),
    words_count_both: maybe(words + (words >> 1)),
    caller_prev_session_id: random.chance(0.6) ? null : random.chance(0.3) ? previous.toUpperCase() : previous,
    additional_info: additionalInfo(random),
    tags:
      facts.processed && !edit.tagsDropped ? tags(new Random(options.seed, 'tags', index), options.sizes.tags) : noTags,
    categories: facts.categories.length > 0 ? facts.categories : noCategories,
    reviewers: facts.reviewers.length > 0 ? facts.reviewers : noReviewers,
    crm_statuses: Array.from({ length: random.below(3) }, () => ({ crm_status: random.pick(crmStatuses), since: 1 })),
    compliance_matches: [],
    ptp_kept_prediction: null,
    comment_author_ids: [1, 2],
    group: { id: 1, name: text(random, 1) },
    agent: { id: facts.agentId, name: text(random, 1), is_active: true },
    agent_name: text(random, 1),
    category_ids: facts.categories.map(({ id }) => id),
    emotions: { client: { joy: random.unit(), anger: random.unit() }, agent: { joy: random.unit() } },
    activity: null,
    sentiments: { client: random.unit(), agent: random.unit() },
    events_call_id: null,
    low_quality: false,
    sentiment_forecast: random.chance(0.05) ? { next: random.unit() } : undefined,
    constructor: random.chance(0.02) ? 'a key that every object inherits' : undefined,
  };
}

function additionalInfo(random: Random): Item | null | undefined {
  const luck = random.unit();
  if (luck < 0.05) return null;
  if (luck < 0.08) return undefined;
  return {
    order: `ORD-${random.between(10_000, 99_999)}`,
    'контакт "центр"': text(random, 1),
    amount: random.below(1_000_000) / 100,
    vip: random.chance(0.1),
    nothing: null,
    path: random.chance(0.1) ? random.pick(oddTexts) : '/a/b',
    ...(random.chance(0.05) ? { 'note\u0000': '\ud800', '': 'an empty key' } : {}),
    list: [1, 'два', { three: 3 }],
  };
}

function tags(random: Random, size: number): Item[] {
  const result = Array.from({ length: random.below(6) }, () => ({
    id: random.chance(0.02) ? unlisted.tag : firstIds.tags + random.below(size),
    match: matches(random),
    group_name: random.chance(0.05) ? 'unknown' : undefined,
  }));
  const first = result[0];
  // The same tag once more, its matches in part the same: the later ones hold.
  if (first && random.chance(0.1)) result.push({ ...first, match: [...(first.match ?? []), match(random, 1)] });
  return result;
}

function matches(random: Random): Item[] | null | undefined {
  const luck = random.unit();
  if (luck < 0.05) return [];
  if (luck < 0.08) return null;
  if (luck < 0.1) return undefined;
  return Array.from({ length: random.between(1, 3) }, (_, position) => match(random, position + 1));
}

function match(random: Random, place: number): Item {
  return {
    score: random.chance(0.1) ? 1 : random.unit(),
    matched_corpus_text: maybeText(random, 2),
    is_agent: random.pick([true, false, null]),
    transcript_id: random.chance(0.1) ? null : random.chance(0.02) ? undefined : random.between(place, 40),
    matched_query_text: maybeText(random, 1),
    meta: random.pick([
      null,
      undefined,
      {},
      [],
      { rule: 'v2', odd: random.pick(oddTexts) },
      [1, null],
      'слово',
      0,
      false,
    ]),
  };
}
