import { firstIds, type Item } from './generate/dictionaries.js';
import type { Tenant } from './tenant.js';
import type { TruthRow } from './truth.js';
import { datetime, plain, text, textOrJson, uuid } from './truth-values.js';

/** User 0 makes automatic reviews; where `/users` does not list it the warehouse still has it. */
const userZero: TruthRow = {
  id: 0,
  email: 'ender.turing@enderturing.com',
  is_active: false,
  is_superuser: false,
  full_name: 'Ender Turing',
  agent_id: null,
  agent_group_id: null,
  language: null,
  uuid: null,
  invite_expires: '1900-01-01 00:00:00',
};

/** Rows of the dictionaries' tables, in ET's order, natural keys possibly repeated. */
export function* dictionaryRows({ dictionaries, options }: Tenant): Generator<{ table: string; row: TruthRow }> {
  for (const item of list(dictionaries.scorecards)) yield* scorecardRows(item);
  for (const item of list(dictionaries.groups)) {
    const row = { id: plain(item['id']), name: text(item['name']), scorecard_id: plain(item['scorecard_id']) };
    yield { table: 'groups', row: { ...row, is_default: plain(item['is_default']) } };
  }
  for (const item of list(dictionaries.agents)) yield* agentRows(item);
  const users = list(dictionaries.users);
  if (!users.some(({ id }) => id === 0)) yield { table: 'users', row: userZero };
  for (const item of users) yield { table: 'users', row: userRow(item) };
  for (const item of list(dictionaries.categories)) yield* categoryRows(item);
  for (const item of list(dictionaries.labels)) {
    yield { table: 'labels', row: { id: plain(item['id']), text: text(item['text']) } };
  }
  for (const item of list(dictionaries.tags)) {
    if (Number(item['id']) < firstIds.tags + options.sizes.tags) yield* tagRows(item);
  }
}

/** A list as ET's JSON tells it; absent and null are empty. */
export function list(value: unknown): Item[] {
  return value === undefined || value === null ? [] : (JSON.parse(JSON.stringify(value)) as Item[]);
}

function* scorecardRows(item: Item): Generator<{ table: string; row: TruthRow }> {
  const id = plain(item['id']);
  yield {
    table: 'scorecards',
    row: {
      id,
      name: text(item['name']),
      type: text(item['type']),
      na_behavior: text(item['na_behavior']),
      count_critical_scores: plain(item['count_critical_scores']),
      is_automated: plain(item['is_automated']),
      is_protected: plain(item['is_protected']),
      is_default: plain(item['is_default']),
      is_archived: plain(item['is_archived']),
    },
  };
  for (const section of list(item['categories'])) {
    const row = { id: plain(section['id']), name: text(section['name']), scorecard_id: id };
    yield { table: 'scorecard_categories', row: { ...row, sort_order: plain(section['sort_order']) } };
    for (const point of list(section['points'])) {
      yield {
        table: 'scorecard_points',
        row: {
          id: plain(point['id']),
          scorecard_id: id,
          category_id: row.id,
          name: text(point['name']),
          description: text(point['description']),
          sort_order: plain(point['sort_order']),
          critical: plain(point['critical']),
          max_score: plain(point['max_score']),
          allow_partial_score: plain(point['allow_partial_score']),
        },
      };
    }
  }
}

function* agentRows(item: Item): Generator<{ table: string; row: TruthRow }> {
  const id = plain(item['id']);
  yield {
    table: 'agents',
    row: {
      id,
      name: text(item['name']),
      phone_number: text(item['phone_number']),
      is_active: plain(item['is_active']),
      deactivated_at: datetime(item['deactivated_at']),
    },
  };
  for (const group of list(item['groups'])) {
    const row = { group_id: plain(group['group_id']), agent_id: id, start_dt: datetime(group['start_dt']) };
    yield { table: 'agent_group_associations', row };
  }
}

function userRow(item: Item): TruthRow {
  return {
    id: plain(item['id']),
    email: text(item['email']),
    is_active: plain(item['is_active']),
    is_superuser: plain(item['is_superuser']),
    full_name: text(item['full_name']),
    agent_id: plain(item['agent_id']),
    agent_group_id: plain(item['agent_group_id']),
    language: text(item['language']),
    uuid: uuid(item['uuid']),
    invite_expires: datetime(item['invite_expires']),
  };
}

function* categoryRows(item: Item): Generator<{ table: string; row: TruthRow }> {
  const id = plain(item['id']);
  yield {
    table: 'categories',
    row: {
      id,
      name: text(item['name']),
      filter_data: textOrJson(item['filter_data']),
      position: plain(item['position']),
      created_at: datetime(item['created_at']),
      updated_at: datetime(item['updated_at']),
    },
  };
  for (const label of list(item['labels'])) {
    yield { table: 'category_labels', row: { category_id: id, label_id: plain(label['id']) } };
  }
}

function* tagRows(item: Item): Generator<{ table: string; row: TruthRow }> {
  const id = plain(item['id']);
  yield {
    table: 'tags',
    row: {
      id,
      name: text(item['name']),
      type: text(item['type']),
      team_id: plain(item['team_id']),
      is_archived: plain(item['is_archived']),
      archived_by_id: plain(item['archived_by_id']),
      archived_at: datetime(item['archived_at']),
    },
  };
  for (const label of list(item['labels'])) {
    yield { table: 'tag_labels', row: { tag_id: id, label_id: plain(label['id']) } };
  }
}
