import type { Dictionary } from '#contracts';

import type { TenantOptions } from '../options.js';
import { uuidOf } from './ids.js';
import { momentText } from './moments.js';
import { Random } from './random.js';
import { maybeText, oddTexts, text } from './texts.js';

export type Item = Record<string, unknown>;
export type Dictionaries = Record<Dictionary, Item[]>;

/** Ids that sessions and dictionaries name and no dictionary lists. */
export const unlisted = { agent: 900_001, group: 900_002, tag: 2_147_483_647, user: 900_003, category: 900_004 };
/** First ids; each dictionary counts on from there. */
export const firstIds: Readonly<Record<Dictionary, number>> = {
  scorecards: 1,
  groups: 1,
  agents: 101,
  users: 1,
  categories: 11,
  labels: 1,
  tags: 1001,
};
const USER_UUIDS = 2;
/** What ET writes for "always". */
const ALWAYS = '0001-01-01T00:00:00';

/** All dictionaries of a tenant as ET lists them. They are small and kept whole. */
export function makeDictionaries(options: TenantOptions): Dictionaries {
  const make = (name: Dictionary, salt: number, item: (random: Random, id: number) => Item): Item[] =>
    Array.from({ length: options.sizes[name] }, (_, position) => {
      const random = new Random(options.seed, 'dictionaries', position, salt);
      return item(random, firstIds[name] + position);
    });
  const id = (random: Random, name: Dictionary): number => firstIds[name] + random.below(options.sizes[name]);
  const labels = (random: Random): Item[] | null | undefined => {
    const luck = random.unit();
    if (luck < 0.1) return null;
    if (luck < 0.2) return undefined;
    const ids = Array.from({ length: random.below(4) }, () => id(random, 'labels'));
    const repeated = random.chance(0.2) ? ids.slice(0, 1) : [];
    return [...ids, ...repeated].map((label) => ({ id: label, text: 'label', color: '#ffaa00' }));
  };
  const users = make('users', 4, (random, userId) => user(options, random, userId));
  return {
    scorecards: make('scorecards', 1, scorecard),
    groups: make('groups', 2, (random, groupId) => ({
      id: groupId,
      name: text(random, 1),
      scorecard_id: random.chance(0.3) ? null : id(random, 'scorecards'),
      is_default: groupId === firstIds.groups,
      additional_scorecards: [1],
    })),
    agents: make('agents', 3, (random, agentId) => ({
      id: agentId,
      name: text(random, 1),
      phone_number: random.chance(0.2) ? null : `10${agentId}`,
      is_active: random.chance(0.9),
      deactivated_at: random.chance(0.1) ? moment(random) : null,
      groups: memberships(random, () => (random.chance(0.03) ? unlisted.group : id(random, 'groups'))),
      user: random.chance(0.5) ? { id: id(random, 'users'), email: 'agent@example.com' } : null,
      reactions: [],
      phone_number_aliases: ['+380441112233'],
    })),
    users: options.listsUserZero
      ? [{ id: 0, email: 'zero@example.com', is_active: true, full_name: 'Zero' }, ...users]
      : users,
    categories: make('categories', 5, (random, categoryId) => ({
      id: categoryId,
      name: text(random, 1),
      filter_data: filterData(random),
      position: categoryId,
      created_at: moment(random),
      updated_at: moment(random),
      labels: labels(random),
    })),
    labels: make('labels', 6, (random, labelId) => ({ id: labelId, text: text(random, 1), color: '#00aaff' })),
    tags: [
      ...make('tags', 7, (random, tagId) => ({
        id: tagId,
        name: text(random, 1),
        type: random.pick(['phrase', 'silence', 'regexp']),
        team_id: random.chance(0.6) ? null : id(random, 'groups'),
        is_archived: random.chance(0.1),
        archived_by_id: random.chance(0.1) ? unlisted.user : null,
        archived_at: random.chance(0.1) ? moment(random) : undefined,
        words: ['слово'],
        phrases: [text(random, 2)],
        color: null,
        labels: labels(random),
        match_mode: 'v2',
      })),
      ...Array.from({ length: options.unmappableTags }, (_, position) => ({
        id: firstIds.tags + options.sizes.tags + position,
        name: 'wrong types',
        type: 'phrase',
        team_id: 'the third team',
        is_archived: { since: 'yesterday' },
      })),
    ],
  };
}

function scorecard(random: Random, id: number): Item {
  return {
    id,
    name: text(random, 1),
    type: random.pick(['call', 'chat']),
    na_behavior: random.chance(0.5) ? 'exclude' : null,
    count_critical_scores: random.chance(0.5),
    is_automated: random.chance(0.5),
    is_protected: false,
    is_default: id === firstIds.scorecards,
    is_archived: random.chance(0.1),
    team_ids: [1, 2],
    weighting: 'unknown-yet',
    categories: Array.from({ length: 3 }, (_, section) => ({
      id: id * 100 + section,
      name: text(random, 1),
      scorecard_id: id,
      sort_order: section,
      points: section === 2 && random.chance(0.5) ? null : points(random, id, id * 100 + section),
    })),
  };
}

function points(random: Random, scorecardId: number, categoryId: number): Item[] {
  return Array.from({ length: random.between(2, 4) }, (_, position) => ({
    id: categoryId * 10 + position,
    scorecard_id: scorecardId,
    category_id: categoryId,
    name: text(random, 1),
    description: maybeText(random, 3),
    sort_order: position,
    critical: random.chance(0.2),
    max_score: random.pick([1, 5, 10]),
    allow_partial_score: random.chance(0.5),
    score_values: [0, 1],
    user_data: null,
  }));
}

function user(options: TenantOptions, random: Random, id: number): Item {
  const uuid = uuidOf(options.seed, USER_UUIDS, id);
  return {
    id,
    email: `user${id}@example.com`,
    is_active: random.chance(0.9),
    is_superuser: random.chance(0.1),
    full_name: text(random, 1),
    agent_id: random.chance(0.3) ? firstIds.agents + random.below(options.sizes.agents) : null,
    agent_group_id: random.chance(0.2) ? firstIds.groups : undefined,
    language: random.pick(['uk', 'en', null]),
    uuid: random.chance(0.3) ? uuid.toUpperCase() : uuid,
    invite_expires: random.pick([ALWAYS, `${ALWAYS}Z`, null, moment(random)]),
    role_ids: [1],
    permissions: { all: true },
    last_seen_version: '9.1',
  };
}

/** An agent's groups: the first one since always, now and then the same twice. */
function memberships(random: Random, group: () => number): Item[] | null | undefined {
  const luck = random.unit();
  if (luck < 0.05) return null;
  if (luck < 0.1) return undefined;
  const first = group();
  return [
    { group_id: first, start_dt: ALWAYS, end_dt: null },
    ...(random.chance(0.3) ? [{ group_id: first, start_dt: `${ALWAYS}Z` }] : []),
    ...(random.chance(0.5) ? [{ group_id: group(), start_dt: moment(random) }] : []),
    ...(random.chance(0.1) ? [{ group_id: first, start_dt: null }, { group_id: first }] : []),
  ];
}

function filterData(random: Random): unknown {
  const luck = random.unit();
  if (luck < 0.2) return null;
  if (luck < 0.3) return undefined;
  if (luck < 0.6) return 'date_range,2026-01-01,2026-12-31||±tags,1001|or';
  return { tags: [1001, 1002], text: random.pick(oddTexts), nested: { any: [true, null, 1.5] } };
}

function moment(random: Random): string {
  const form = random.pick(['plain', 'micros', 'zulu', 'zuluMicros', 'zeroMicros'] as const);
  return momentText(random.between(18_000, 20_700), random.below(86_400) * 1_000_000 + random.below(1_000_000), form);
}
