import { answeredOf, batchOf, itemDocument, sessionDocument, uuidOf } from '../../../../test/support/row-batches.js';
import { catalogOf } from '../schema/catalog.js';
import { combine, readBatch } from './entries.js';
import { neededIds, referencedFromOutside, referencedTables } from './foreign-keys.js';
import { decide } from './versions.js';

const one = uuidOf(1);
const key = (table_name: string, column_name: string, referenced_table: string) => ({
  table_name,
  column_name,
  referenced_table,
});
const keys = [
  key('sessions', 'agent_id', 'agents'),
  key('sessions_tags', 'session_id', 'sessions'),
  key('sessions_tags', 'tag_id', 'tags'),
  key('sessions_scores', 'session_id', 'sessions'),
  key('tags', 'archived_by_id', 'users'),
  key('of_the_customer', 'agent_id', 'agents'),
];
const catalog = catalogOf([...new Set(keys.map(({ table_name }) => table_name))].map((table_name) => ({ table_name, column_name: 'id', type: 'int', collation: null })), [], keys); // prettier-ignore
const decisionsOf = (...batches: Parameters<typeof readBatch>[0][]) =>
  combine(batches.flatMap((batch) => readBatch(batch).entries)).map((entry) => decide(entry, null));
const session = sessionDocument(one, 'session', 1, {
  sessions: [{ agent_id: 5 }],
  sessions_tags: [{ tag_id: 7 }, { tag_id: 7, transcript_id: 1 }, { tag_id: null }],
});
const scores = sessionDocument(one, 'scores', 2, { sessions_scores: [{ scorecard_id: 1 }] });
const needed = (...batches: Parameters<typeof readBatch>[0][]) =>
  Object.fromEntries([...neededIds(catalog, decisionsOf(...batches))].map(([table, ids]) => [table, [...ids]]));

describe('foreign keys', () => {
  it('need the rows that the batch names, once each, and no session that is written before its rows', () => {
    expect(needed(batchOf([answeredOf(one, [session, scores])]))).toMatchObject({
      agents: [5],
      tags: [7],
      sessions: [],
    });
  });

  it('need the session where only its details are written', () => {
    expect(needed(batchOf([answeredOf(one, [scores])]))).toMatchObject({ sessions: [one] });
    const gone = { ...answeredOf(one, [], 'gone'), gone: 1 };
    expect(needed(batchOf([answeredOf(one, [scores])]), batchOf([gone]))).toMatchObject({ sessions: [one] });
  });

  it('need what dictionaries name of each other, users of id 0 too', () => {
    const tag = itemDocument('tags', 1, { tags: [{ id: 1, archived_by_id: 0 }] });
    expect(needed(batchOf([answeredOf('1', [tag])], { entity: 'tags' }))).toMatchObject({ users: [0] });
  });

  it('are counted whoever made them, and own databases have none', () => {
    expect(referencedTables(catalog)).toEqual(new Set(['agents', 'sessions', 'tags', 'users']));
    expect(referencedFromOutside(catalog, 'session')).toEqual(new Set(['agents', 'users']));
    expect(neededIds(new Map(), decisionsOf(batchOf([answeredOf(one, [session])])))).toEqual(new Map());
  });
});
