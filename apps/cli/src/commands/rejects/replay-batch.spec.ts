import type { RejectDetail } from '#contracts';

import { transform } from '../../../../transformer/src/transform.js';
import { replayOf } from './replay-batch.js';

const key = '0b6f1d1e-0000-4000-8000-000000000001';
const attempt = '11111111-1111-4111-8111-111111111111';
const session = { id: key, version: 7, session: { id: key, start_dt: 5 }, documents: {}, unknown: [] };
const reject = (more: Partial<RejectDetail> = {}): RejectDetail => ({
  id: 'abcdef123456',
  entity: 'session',
  key,
  day: '2026-11-20',
  runId: 'r',
  sliceId: 'r:1',
  reason: 'no start',
  rejectedAt: '2026-11-20T10:00:00.000Z',
  hasRaw: true,
  slice: { runId: 'r', sliceId: 'r:1', lane: 'backfill', subject: { kind: 'day', day: '2026-11-20' } },
  attempt,
  form: 'raw',
  version: 7,
  raw: JSON.stringify(session),
  ...more,
});

it('makes a raw batch of what ET sent, under the slice and attempt it was rejected in', () => {
  const replay = replayOf(reject());
  expect(replay).toMatchObject({
    stage: 'raw',
    body: {
      identity: { slice: { sliceId: 'r:1', lane: 'backfill' }, attempt, replay: true },
      content: { kind: 'sessions', detailOwnsInfo: false, sessions: [session] },
    },
  });
  expect(replayOf(reject())).not.toEqual(replay);
});

it('that the transformer answers for as it did before', () => {
  const replay = replayOf(reject());
  if (!('stage' in replay) || replay.stage !== 'raw') throw new Error('no raw batch');
  const [again] = transform(replay.body).rejects;
  expect(again).toMatchObject({ key, version: 7 });
  expect(JSON.parse(again?.raw ?? '')).toEqual(session);
});

it.each([
  ['answered', { documents: { detail: { version: 7, body: {} } } }],
  ['not to be had', { unknown: [{ document: 'detail', reason: '403' }] }],
])('knows that /sessions/{id} was asked for, be it %s', (_what, more) => {
  const replay = replayOf(reject({ raw: JSON.stringify({ ...session, ...more }) }));
  expect(replay).toMatchObject({ body: { content: { detailOwnsInfo: true } } });
});

it('makes a raw batch of a dictionary item, of any form, with the version it had', () => {
  const replay = replayOf(reject({ entity: 'tags', day: null, raw: '["odd"]' }));
  expect(replay).toMatchObject({
    body: { content: { kind: 'dictionary', dictionary: 'tags', version: 7, items: [['odd']] } },
  });
});

it('makes a row batch of what the database refused', () => {
  const answered = { key, outcome: 'loaded', documents: [], unknown: [] };
  const replay = replayOf(reject({ form: 'rows', raw: JSON.stringify(answered) }));
  expect(replay).toMatchObject({ stage: 'rows', body: { entity: 'session', answered: [answered] } });
});

it.each([
  ['is gone', { raw: null }, 'no longer kept'],
  ['was cut', { raw: JSON.stringify(session).slice(0, -5) }, 'cut at 256 KiB'],
  ['has no version', { entity: 'tags' as const, version: null, raw: '{}' }, 'another version'],
  ['is none that is known', { raw: '{"id":5}' }, 'another version'],
])('tells why nothing can be sent where the raw form %s', (_what, more, problem) => {
  expect(replayOf(reject(more))).toEqual({ problem: expect.stringContaining(problem) as string });
});
