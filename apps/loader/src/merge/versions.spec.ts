import type { Document, Entry } from './entries.js';
import { decide } from './versions.js';

const document = (version: number, hash: string): Document => ({ version, hash, rows: {}, runId: 'run' });
const entry = (documents: Record<string, Document>): Entry => ({
  id: 'session 1',
  entity: 'session',
  key: '1',
  documents: new Map(Object.entries(documents)),
});
const stored = {
  entity: 'session',
  key: '1',
  root_version: '5',
  root_hash: 'b',
  listed_version: 5,
  listed_day: '2026-01-01',
};
const outcome = (documents: Record<string, Document>, row: Parameters<typeof decide>[1]) => {
  const { accepted, changed, known } = decide(entry(documents), row);
  return { accepted: [...accepted], changed: [...changed.keys()], known };
};

describe('deciding about an entry', () => {
  it.each([
    ['a newer edition is written', document(6, 'c'), ['root'], ['root']],
    ['a newer edition of equal content is only noted', document(6, 'b'), ['root'], []],
    ['an older edition is dropped', document(4, 'c'), [], []],
    ['the same edition is dropped', document(5, 'b'), [], []],
    ['of one version the greater hash is written', document(5, 'c'), ['root'], ['root']],
    ['of one version the lesser hash is dropped', document(5, 'a'), [], []],
  ])('%s', (_rule, root, accepted, changed) => {
    expect(outcome({ root }, stored)).toEqual({ accepted, changed, known: true });
  });

  it('takes everything of a key not known before', () => {
    const documents = { root: document(1, 'a'), scores: document(2, 'b'), listed: document(1, '2026-01-01') };
    expect(outcome(documents, null)).toEqual({
      accepted: ['root', 'scores', 'listed'],
      changed: ['root', 'scores'],
      known: false,
    });
  });

  it('takes a document that the stored row lacks', () => {
    expect(outcome({ scores: document(1, 'a') }, stored)).toMatchObject({ accepted: ['scores'], changed: ['scores'] });
  });

  it.each([
    ['a newer one is gone', { root: document(6, 'gone') }, ['root'], ['root']],
    ['an older one stays', { root: document(4, 'gone') }, [], []],
    ['one that was never stored is gone', { scores: document(1, 'gone') }, ['scores'], ['scores']],
    ['a detail that never was takes no column with it', { detail: document(1, 'gone') }, ['detail'], []],
  ])('of tombstones: %s', (_rule, documents, gone, changed) => {
    const decision = decide(entry(documents), stored);
    expect([[...decision.gone], [...decision.changed.keys()]]).toEqual([gone, changed]);
  });

  it('knows what was gone before', () => {
    const before = { ...stored, root_hash: 'gone', comments_version: 9, comments_hash: 'gone' };
    expect([...decide(entry({ scores: document(9, 'a') }), before).gone]).toEqual(['root', 'comments']);
    expect([...decide(entry({ root: document(6, 'a') }), before).gone]).toEqual(['comments']);
  });

  it('notes a later listing, which writes no row', () => {
    const listed = document(7, '2026-01-02');
    expect(outcome({ listed }, stored)).toMatchObject({ accepted: ['listed'], changed: [] });
  });
});
