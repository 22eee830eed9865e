import { rawBatch, type Page, type RawSession } from '#contracts';

import { jsonBytes } from '../cut.js';
import { dictionaryBatches, fit, sessionBatches } from './batches.js';

const slice = {
  runId: 'r',
  sliceId: 'r:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
} as const;
const place = { slice, attempt: '7f1b1c1e-5b0a-4c39-9d0e-2f6b8f6d7a11', page: 3 };
const page: Page = { ...place, version: 5, sessions: [] };
const session = (letters: number): RawSession => ({
  id: '00000000-0000-4000-8000-000000000000',
  version: 5,
  session: {},
  documents: { summary: { version: 6, body: [] }, transcripts: { version: 7, body: 'x'.repeat(letters) } },
  unknown: [],
});

const raw = (letters: number) => ({ raw: session(letters) });

describe('raw batches', () => {
  test('a page is usually one batch, and keeps to the contract', () => {
    const [batch, ...others] = sessionBatches(page, [raw(10), raw(20)], ['detail']);
    expect(others).toEqual([]);
    expect(rawBatch.parse(batch)).toMatchObject({
      identity: { ...place, number: 0 },
      content: { kind: 'sessions', detailOwnsInfo: true, sessions: [{}, {}] },
    });
  });

  test('many bytes make several, numbered, of about half a MiB', () => {
    const batches = sessionBatches(
      page,
      Array.from({ length: 5 }, () => raw(200_000)),
      [],
    );
    expect(batches.map(({ identity }) => identity.number)).toEqual([0, 1, 2]);
    expect(Math.max(...batches.map(jsonBytes))).toBeLessThan(512 * 1024 + 1000);
  });

  test('the same content has the same hash, another has another', () => {
    const sha = (letters: number) => sessionBatches(page, [raw(letters)], [])[0]?.identity.sha;
    expect(sha(3)).toBe(sha(3));
    expect(sha(3)).not.toBe(sha(4));
  });

  test('a dictionary travels in whole items', () => {
    const items = Array.from({ length: 3 }, (_, id) => ({ id, name: 'x'.repeat(300_000) }));
    const batches = dictionaryBatches(place, { dictionary: 'tags', version: 5, items });
    expect(batches.map(({ content }) => (content.kind === 'dictionary' ? content.items.length : 0))).toEqual([1, 1, 1]);
  });
});

describe('a session too large for a message', () => {
  test('is left as it is where it fits', () => {
    expect(fit(session(10), 1000)).toEqual(session(10));
  });

  test('first loses its transcripts, which are then unknown', () => {
    const fitted = fit(session(2000), 1000);
    expect(Object.keys(fitted.documents)).toEqual(['summary']);
    expect(fitted.unknown).toEqual([{ document: 'transcripts', reason: 'too large for a message' }]);
  });

  test('then every detail', () => {
    const large = {
      ...session(2000),
      documents: { ...session(2000).documents, comments: { version: 6, body: 'x'.repeat(2000) } },
    };
    const fitted = fit(large, 1000);
    expect(fitted.documents).toEqual({});
    expect(fitted.unknown.map(({ document }) => document)).toEqual(['transcripts', 'summary', 'comments']);
  });
});
