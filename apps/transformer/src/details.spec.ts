import type { RawSession, Row } from '#contracts';

import { Findings } from './findings.js';
import { mapSession } from './sessions.js';

const id = '6f1c2d3e-0000-4000-8000-00000000abcd';
const other = '6f1c2d3e-0000-4000-8000-00000000ffff';

function map(given: Partial<RawSession>, detailOwnsInfo = false) {
  const findings = new Findings();
  const raw: RawSession = { id, version: 1000, session: { id }, documents: {}, unknown: [], ...given };
  const { documents, unknown } = mapSession(raw, id, detailOwnsInfo, findings);
  const rows: Record<string, Row[]> = Object.assign({}, ...documents.map((document) => document.rows));
  return { documents, unknown, rows, reason: findings.takeFaults(), fields: findings.unknownFields() };
}
const ofDetail = (document: keyof RawSession['documents'], body: unknown) =>
  map({ documents: { [document]: { version: 2000, body } } });

describe('details of a session', () => {
  it('gives a row for each point of each review', () => {
    const review = { id: 1, session_id: id, scorecard_id: 4, reviewer_id: 0 };
    const point = { id: 9, scorecard_point_id: 41, score: 5, comment: 'ok', meta: {} };
    const { rows, documents, fields } = ofDetail('scores', [
      { ...review, point_scores: [point, { ...point, scorecard_point_id: 42, score: null }] },
      { ...review, reviewer_id: 8, point_scores: null },
    ]);
    const common = { session_id: id, scorecard_id: 4, reviewer_id: 0, comment: 'ok' };
    expect(rows.sessions_scores).toEqual([
      { ...common, scorecard_point_id: 41, score: 5 },
      { ...common, scorecard_point_id: 42, score: null },
    ]);
    expect(documents[1]).toMatchObject({ document: 'scores', version: 2000 });
    expect(fields).toEqual({});
  });

  it('gives summaries and comments under ids of ET', () => {
    const dates = { created_at: '2026-11-20T09:00:00', updated_at: null };
    expect(ofDetail('summary', [{ id: 5, session_id: id, text: 'Коротко', ...dates }]).rows.sessions_summaries).toEqual(
      [{ session_id: id, et_id: '5', text: 'Коротко', created_at: '2026-11-20 09:00:00', updated_at: null }],
    );
    const comment = { session_id: id, author_id: 3, text: 'hi', ...dates };
    const { rows } = ofDetail('comments', [
      { ...comment, id: 1, comments: 'as is' },
      { ...comment, id: 2, comments: [{ a: 1 }] },
      { ...comment, id: 3, comments: null },
    ]);
    expect(rows.sessions_comments?.map((row) => [row.et_id, row.comments])).toEqual([
      ['1', 'as is'],
      ['2', '[{"a":1}]'],
      ['3', null],
    ]);
  });

  it.each([
    ['an object with items', (items: unknown[]) => ({ items })],
    ['a bare list', (items: unknown[]) => items],
  ])('reads transcripts from %s', (_, body) => {
    const { rows, fields } = ofDetail(
      'transcripts',
      body([
        { id: 21, text: 'Алло', time: 1.5, speaker: { name: 'a' }, channel: 0, words: [1] },
        { id: 20, text: 'Так' },
      ]),
    );
    expect(rows.sessions_transcripts).toEqual([
      { session_id: id, transcript_id: 20, position: 1, text: 'Так', time: null, speaker: null, details: null },
      {
        session_id: id,
        transcript_id: 21,
        position: 0,
        text: 'Алло',
        time: '1.5',
        speaker: '{"name":"a"}',
        details: '{"channel":0,"words":[1]}',
      },
    ]);
    expect(fields).toEqual({});
  });

  it('keeps every utterance where ET gives them no id', () => {
    const { rows } = ofDetail('transcripts', [{ text: 'a' }, { text: 'b' }]);
    expect(rows.sessions_transcripts?.map((row) => row.transcript_id)).toEqual([-1, -2]);
  });

  it('leaves additional_info to the detail document where that is switched on', () => {
    const body = { id, fcr: 2, additional_info: { ticket: 5 }, emotions: {}, tags: [{ odd: 1 }], brand_new: 1 };
    const { documents, fields } = map(
      { session: { id, additional_info: { old: true }, fcr: 1 }, documents: { detail: { version: 2000, body } } },
      true,
    );
    expect(fields).toEqual({ 'detail.brand_new': 1 });
    expect(documents[0]?.rows.sessions?.[0]).toMatchObject({ id, fcr: 1 });
    expect(documents[0]?.rows.sessions?.[0]).not.toHaveProperty('additional_info');
    expect(documents[1]).toEqual({
      document: 'detail',
      version: 2000,
      rows: { sessions: [{ id, additional_info: '{"ticket":5}' }] },
    });
  });

  it('that are known to be empty are empty sets', () => {
    const { documents, unknown } = ofDetail('comments', []);
    expect(documents[1]?.rows).toEqual({ sessions_comments: [] });
    expect(unknown).toEqual([]);
  });

  it.each<[keyof RawSession['documents'], unknown, string]>([
    ['scores', { error: 'x' }, 'the answer is no list'],
    ['summary', null, 'the answer is no list'],
    ['comments', [null], 'the answer holds something that is no object'],
    ['transcripts', { items: null }, 'the answer is no list'],
    ['detail', [], 'the answer holds something that is no object'],
    ['scores', [{ session_id: other, point_scores: [] }], 'the answer is about another session'],
    ['detail', { id: other, additional_info: {} }, 'the answer is about another session'],
  ])('of a wrong form are unknown, not empty: %s %j', (document, body, reason) => {
    const { documents, unknown, reason: fault } = ofDetail(document, body);
    expect(documents.map((each) => each.document)).toEqual(['session']);
    expect(unknown).toEqual([{ document, reason }]);
    expect(fault).toBeUndefined();
  });

  it('with one unmappable value reject the session', () => {
    expect(ofDetail('scores', [{ scorecard_id: 1, point_scores: [{ score: 'five' }] }]).reason).toBe(
      'scores[].point_scores[].score: expected int, found text',
    );
    expect(ofDetail('transcripts', { items: [{ id: 'x' }] }).reason).toBe(
      'transcripts.items[].id: expected bigint, found text',
    );
  });
});
