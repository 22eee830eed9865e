import type { RawSession, Row } from '#contracts';

import { Findings } from './findings.js';
import { mapSession } from './sessions.js';

const id = '6f1c2d3e-0000-4000-8000-00000000abcd';
const other = '6f1c2d3e-0000-4000-8000-00000000ffff';

function ofSession(fields: Record<string, unknown>) {
  const findings = new Findings();
  const raw: RawSession = { id, version: 1000, session: { id, ...fields }, documents: {}, unknown: [] };
  const { documents } = mapSession(raw, id, false, findings);
  const rows: Record<string, Row[]> = documents[0]?.rows ?? {};
  return { documents, rows, reason: findings.takeFaults(), fields: findings.unknownFields() };
}

describe('a session', () => {
  it('becomes a row with every column of the specification', () => {
    const { rows, documents } = ofSession({
      id: id.toUpperCase(),
      type: 'call',
      start_dt: '2026-11-20T09:00:00.120000',
      end_dt: '2026-11-20T09:05:00Z',
      agent_id: 7,
      duration: 300,
      silence_percent: '12.5',
      is_processed: 1,
      overlaps_data: { client: 1.5, agent: null },
      duration_details: { 0: 1, 1: 2 },
      caller_prev_session_id: other.toUpperCase(),
      additional_info: { crm: 'Пошта' },
      fcr: null,
    });
    expect(documents.map(({ document, version }) => ({ document, version }))).toEqual([
      { document: 'session', version: 1000 },
    ]);
    expect(Object.keys(rows)).toEqual([
      'sessions',
      'sessions_categories',
      'sessions_crm_statuses',
      'sessions_reviewers',
      'sessions_tags',
    ]);
    const [row] = rows.sessions ?? [];
    expect(row).toMatchObject({
      id,
      type: 'call',
      start_dt: '2026-11-20 09:00:00.120000',
      end_dt: '2026-11-20 09:05:00',
      agent_id: 7,
      duration: 300,
      silence_percent: 12.5,
      is_processed: true,
      overlaps_data: '{"client":1.5,"agent":null}',
      duration_details: '{"0":1,"1":2}',
      caller_prev_session_id: other,
      additional_info: '{"crm":"Пошта"}',
      fcr: null,
      nps: null,
    });
    expect(Object.keys(row ?? {})).toHaveLength(39);
    expect(Object.keys(row ?? {})[0]).toBe('id');
  });

  it('has one row for each match of a tag, and none for a tag without a match', () => {
    const match = {
      score: 0.5,
      matched_corpus_text: 'добре',
      is_agent: true,
      transcript_id: 3,
      matched_query_text: 'q',
      meta: { a: 1 },
    };
    const { rows } = ofSession({
      tags: [{ id: 1, match: [match, { ...match, transcript_id: null, meta: null }] }, { id: 2, match: [] }, { id: 3 }],
    });
    const common = {
      session_id: id,
      tag_id: 1,
      score: 0.5,
      matched_corpus_text: 'добре',
      is_agent: true,
      matched_query_text: 'q',
    };
    expect(rows.sessions_tags).toEqual([
      { ...common, transcript_id: 3, meta: '{"a":1}' },
      { ...common, transcript_id: null, meta: null },
    ]);
  });

  it('has its categories, reviewers and CRM states', () => {
    const { rows, fields } = ofSession({
      categories: [{ id: 12, is_verified: false }],
      reviewers: [{ id: 0, name: 'Ender Turing', last_reviewed_at: '0001-01-01T00:00:00' }],
      crm_statuses: [{ crm_status: 'Оплачено' }, { crm_status: null }],
    });
    expect(rows.sessions_categories).toEqual([{ session_id: id, category_id: 12, is_verified: false }]);
    expect(rows.sessions_reviewers).toEqual([
      { session_id: id, reviewer_id: 0, last_reviewed_at: '1900-01-01 00:00:00' },
    ]);
    expect(rows.sessions_crm_statuses).toEqual([
      { session_id: id, crm_status: 'Оплачено' },
      { session_id: id, crm_status: null },
    ]);
    expect(fields).toEqual({});
  });

  it('keeps the last of rows with one natural key, nulls being equal', () => {
    const { rows } = ofSession({
      tags: [
        { id: 1, match: [{ score: 0.1, transcript_id: null }] },
        { id: 1, match: [{ score: 0.2 }] },
      ],
    });
    expect(rows.sessions_tags).toMatchObject([{ tag_id: 1, transcript_id: null, score: 0.2 }]);
  });

  it('gives the same rows whatever order ET lists a set in', () => {
    const categories = [3, 1, 2, null].map((category) => ({ id: category, is_verified: true }));
    expect(ofSession({ categories }).rows).toEqual(ofSession({ categories: categories.toReversed() }).rows);
  });

  it.each([null, undefined, []])('has empty sets where a list is %j', (list) => {
    const { rows, reason } = ofSession({ tags: list, categories: list, reviewers: list, crm_statuses: list });
    expect(reason).toBeUndefined();
    expect(rows).toMatchObject({
      sessions_tags: [],
      sessions_categories: [],
      sessions_reviewers: [],
      sessions_crm_statuses: [],
    });
  });

  it.each([
    [{ agent_id: 'seven' }, 'sessions.agent_id: expected int, found text'],
    [{ tags: { 1: {} } }, 'sessions.tags: expected list, found object'],
    [{ tags: ['x'] }, 'sessions.tags[]: expected object, found text'],
    [{ tags: [{ id: 1, match: [{ score: 'secret' }] }] }, 'sessions.tags[].match[].score: expected float, found text'],
    [{ tags: [{ id: 1, match: 'secret' }] }, 'sessions.tags[].match: expected list, found text'],
    [{ start_dt: '2026-02-31T00:00:00' }, 'sessions.start_dt: expected datetime, found other text'],
    [
      { crm_statuses: [{ crm_status: 'x'.repeat(300) }] },
      'sessions.crm_statuses[].crm_status: expected key, found text of 300 characters',
    ],
  ])('of a wrong form tells where and never what: %#', (session, reason) =>
    expect(ofSession(session).reason).toBe(reason),
  );

  it('names three faults and counts the rest', () => {
    const { reason } = ofSession({ fcr: 'a', csi: 'b', nps: 'c', list_id: 'd', agent_id: 'e' });
    expect(reason?.split('; ')).toHaveLength(4);
    expect(reason).toMatch(/; and 2 more$/);
  });

  it('counts unknown fields at every level it reads, and none that are known and not kept', () => {
    const { fields } = ofSession({
      new_field: 1,
      emotions: {},
      agent_name: 'x',
      overlaps_data: { whatever: 1 },
      tags: [{ id: 1, colour: 'red', match: [{ weight: 1 }, { weight: 2, transcript_id: 5 }] }],
      reviewers: [{ id: 1, name: 'x', rank: 2 }],
    });
    expect(fields).toEqual({
      'sessions.new_field': 1,
      'sessions.tags[].colour': 1,
      'sessions.tags[].match[].weight': 2,
      'sessions.reviewers[].rank': 1,
    });
  });
});
