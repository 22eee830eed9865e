import { sessionDocuments } from '#contracts';

import { answeredOf, batchOf, itemDocument, sessionDocument, uuidOf } from '../../../../test/support/row-batches.js';
import { TOMBSTONE } from '../ledger-tables.js';
import { combine, readBatch } from './entries.js';

const one = uuidOf(1);
const session = (version: number, type = 'call') => sessionDocument(one, 'session', version, { sessions: [{ type }] });
const read = (...answered: Parameters<typeof batchOf>[0]) => readBatch(batchOf(answered));
const only = ({ entries }: ReturnType<typeof read>) => entries[0]?.documents;

describe('reading a batch', () => {
  it('tells documents apart by names and values of their columns', () => {
    const hash = (type: string, column = 'type') =>
      only(read(answeredOf(one, [sessionDocument(one, 'session', 1, { sessions: [{ [column]: type }] })])))?.get('root')
        ?.hash;
    expect(hash('call')).toBe(hash('call'));
    expect(hash('call')).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set([hash('call'), hash('chat'), hash('call', 'source')]).size).toBe(3);
  });

  it('makes a deletion a document of every kind', () => {
    const documents = only(read({ ...answeredOf(one, [], 'gone'), gone: 9 }));
    const hashes = [...(documents ?? [])].filter(([name]) => name !== 'listed').map(([, { hash }]) => hash);
    expect(hashes).toEqual(sessionDocuments.map(() => TOMBSTONE));
    const item = readBatch(batchOf([{ ...answeredOf('1', [], 'gone'), gone: 9 }], { entity: 'labels' }));
    expect([...(only(item)?.keys() ?? [])]).toEqual(['root', 'listed']);
  });

  it('takes the last of one version', () => {
    const documents = only(read(answeredOf(one, [session(1, 'first')]), answeredOf(one, [session(1, 'last')])));
    expect(documents?.get('root')?.rows['sessions']).toMatchObject([{ type: 'last' }]);
  });

  it('remembers the day of unfiltered listings alone', () => {
    const listed = (extra: object) =>
      only(
        readBatch(batchOf([answeredOf(one, [session(1)])], { subject: { kind: 'day', day: '2026-01-01', ...extra } })),
      )?.has('listed');
    expect([{}, { filters: 'x' }, { limit: 5 }].map(listed)).toEqual([true, false, false]);
  });

  it('finds what belongs to another key', () => {
    const astray = sessionDocument(one, 'scores', 1, { sessions_scores: [{ session_id: uuidOf(2) }] });
    expect([...read(answeredOf(one, [session(1), astray])).faults.values()]).toEqual([
      'a row of sessions_scores belongs to another key',
    ]);
    const rootless = itemDocument('labels', 1, {});
    const faults = readBatch(batchOf([answeredOf('1', [rootless])], { entity: 'labels' })).faults;
    expect([...faults]).toEqual([['labels 1', 'not one row of labels']]);
  });
});

describe('combining entries', () => {
  it('gives one entry a key, sorted, with the newest of each document', () => {
    const scores = (version: number) => sessionDocument(one, 'scores', version);
    const entries = [
      ...read(answeredOf(one, [session(2), scores(1)]), answeredOf(uuidOf(2), [])).entries,
      ...read(answeredOf(one, [session(1), scores(3)])).entries,
    ];
    const [entry, ...others] = combine(entries);
    expect(others).toEqual([]);
    expect([entry?.documents.get('root')?.version, entry?.documents.get('scores')?.version]).toEqual([2, 3]);
  });
});
