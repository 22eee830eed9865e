import { itemKey, type Dictionary, type Row } from '#contracts';

import { mapItem } from './dictionaries.js';
import { Findings } from './findings.js';

function map(dictionary: Dictionary, item: unknown) {
  const findings = new Findings();
  const documents = mapItem(dictionary, 1000, item, itemKey(item), findings);
  const rows: Record<string, Row[]> = documents[0]?.rows ?? {};
  return { rows, reason: findings.takeFaults(), fields: findings.unknownFields() };
}

const examples: [Dictionary, unknown, Record<string, Row[]>][] = [
  [
    'scorecards',
    {
      id: 4,
      name: 'Якість',
      type: 'quality',
      na_behavior: 'exclude',
      count_critical_scores: true,
      is_automated: false,
      is_protected: false,
      is_default: true,
      is_archived: false,
      team_ids: [1],
      categories: [
        {
          id: 40,
          name: 'Greeting',
          scorecard_id: 4,
          sort_order: 1,
          points: [
            {
              id: 400,
              scorecard_id: 4,
              category_id: 40,
              name: 'Hello',
              description: null,
              sort_order: 2,
              critical: true,
              max_score: 5,
              allow_partial_score: false,
              score_values: [],
              user_data: {},
            },
          ],
        },
        { id: 41, name: 'Empty', scorecard_id: 4, sort_order: 2, points: null },
      ],
    },
    {
      scorecards: [
        {
          id: 4,
          name: 'Якість',
          type: 'quality',
          na_behavior: 'exclude',
          count_critical_scores: true,
          is_automated: false,
          is_protected: false,
          is_default: true,
          is_archived: false,
        },
      ],
      scorecard_categories: [
        { id: 40, name: 'Greeting', scorecard_id: 4, sort_order: 1 },
        { id: 41, name: 'Empty', scorecard_id: 4, sort_order: 2 },
      ],
      scorecard_points: [
        {
          id: 400,
          scorecard_id: 4,
          category_id: 40,
          name: 'Hello',
          description: null,
          sort_order: 2,
          critical: true,
          max_score: 5,
          allow_partial_score: false,
        },
      ],
    },
  ],
  [
    'groups',
    { id: 1, name: 'Sales', scorecard_id: null, is_default: 1, additional_scorecards: [] },
    { groups: [{ id: 1, name: 'Sales', scorecard_id: null, is_default: true }] },
  ],
  [
    'agents',
    {
      id: 7,
      name: 'Оля',
      phone_number: 380,
      is_active: true,
      deactivated_at: null,
      groups: [{ group_id: 1, start_dt: '0001-01-01T00:00:00' }],
      user: null,
      reactions: [],
      phone_number_aliases: [],
    },
    {
      agents: [{ id: 7, name: 'Оля', phone_number: '380', is_active: true, deactivated_at: null }],
      agent_group_associations: [{ group_id: 1, agent_id: 7, start_dt: '1900-01-01 00:00:00' }],
    },
  ],
  [
    'users',
    {
      id: 0,
      email: 'ender.turing@enderturing.com',
      is_active: false,
      is_superuser: false,
      full_name: 'Ender Turing',
      uuid: '6F1C2D3E-0000-4000-8000-00000000ABCD',
      invite_expires: '1900-01-01',
      role_ids: [],
      permissions: {},
    },
    {
      users: [
        {
          id: 0,
          email: 'ender.turing@enderturing.com',
          is_active: false,
          is_superuser: false,
          full_name: 'Ender Turing',
          agent_id: null,
          agent_group_id: null,
          language: null,
          uuid: '6f1c2d3e-0000-4000-8000-00000000abcd',
          invite_expires: '1900-01-01 00:00:00',
        },
      ],
    },
  ],
  [
    'categories',
    {
      id: 12,
      name: 'Refund',
      filter_data: { rule: ['a'] },
      position: 3,
      created_at: '2026-01-02T03:04:05.678901',
      updated_at: '2026-01-02T03:04:05',
      labels: [{ id: 2, text: 'x', color: 'red' }, { id: 1 }, { id: 2 }],
    },
    {
      categories: [
        {
          id: 12,
          name: 'Refund',
          filter_data: '{"rule":["a"]}',
          position: 3,
          created_at: '2026-01-02 03:04:05.678901',
          updated_at: '2026-01-02 03:04:05',
        },
      ],
      category_labels: [
        { category_id: 12, label_id: 1 },
        { category_id: 12, label_id: 2 },
      ],
    },
  ],
  ['labels', { id: 1, text: 'VIP', color: '#fff' }, { labels: [{ id: 1, text: 'VIP' }] }],
  [
    'tags',
    {
      id: '5',
      name: 'Hello',
      type: 'word',
      team_id: 1,
      is_archived: 'false',
      archived_by_id: null,
      archived_at: null,
      words: [],
      phrases: [],
      color: 'red',
      labels: [{ id: 1 }],
    },
    {
      tags: [
        { id: 5, name: 'Hello', type: 'word', team_id: 1, is_archived: false, archived_by_id: null, archived_at: null },
      ],
      tag_labels: [{ tag_id: 5, label_id: 1 }],
    },
  ],
];

describe('dictionary items', () => {
  it.each(examples)('of %s become rows of every table, column by column', (dictionary, item, expected) => {
    const { rows, reason, fields } = map(dictionary, item);
    expect(reason).toBeUndefined();
    expect(fields).toEqual({});
    expect(rows).toEqual(expected);
    expect(Object.keys(rows)).toEqual(Object.keys(expected));
  });

  it.each<[Dictionary, unknown, string]>([
    ['labels', { text: 'x' }, 'labels.id: expected int, found null'],
    ['labels', { id: 'x' }, 'labels.id: expected int, found text'],
    ['labels', { id: 1e12 }, 'labels.id: expected int, found number out of range'],
    ['labels', [1], 'labels: expected object, found list'],
    ['labels', null, 'labels: expected object, found null'],
    ['agents', { id: 1, groups: [{ start_dt: 'x' }] }, 'agents.groups[].start_dt: expected datetime, found other text'],
    ['scorecards', { id: 1, categories: [{ name: 'x' }] }, 'scorecards.categories[].id: expected int, found null'],
    [
      'scorecards',
      { id: 1, categories: [{ id: 2, points: {} }] },
      'scorecards.categories[].points: expected list, found object',
    ],
  ])('of %s that cannot be mapped say why: %j', (dictionary, item, reason) =>
    expect(map(dictionary, item).reason).toBe(reason),
  );

  it('name unknown fields by path', () => {
    const agent = { id: 1, nickname: 'x', groups: [{ group_id: 1, weight: 2 }] };
    expect(map('agents', agent).fields).toEqual({ 'agents.nickname': 1, 'agents.groups[].weight': 1 });
  });
});
