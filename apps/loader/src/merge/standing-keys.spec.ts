import { tables, type Row } from '#contracts';

import { answeredOf, batchOf, sessionDocument, uuidOf } from '../../../../test/support/row-batches.js';
import type { FoundIndex, FoundTable } from '../schema/catalog.js';
import { readBatch } from './entries.js';
import { notStored, standingKeys, storableRows } from './standing-keys.js';
import { isOwned } from './targets.js';

const tableOf = (name: string) => {
  const table = tables.filter(isOwned).find((one) => one.name === name);
  if (!table) throw new Error(`no ${name}`);
  return table;
};
const comments = tableOf('sessions_comments');
const unique = (...columns: string[]): FoundIndex => ({ name: columns.join('_'), columns, kind: 'unique' });
const found = (...indexes: FoundIndex[]): FoundTable => ({ columns: new Map(), indexes, foreignKeys: [] });

describe('standing keys', () => {
  it('are those that hold fewer rows of one session than the natural key tells apart', () => {
    expect(standingKeys(comments, found(unique('session_id'), unique('author_id', 'session_id')))).toEqual([
      ['session_id'],
      ['author_id', 'session_id'],
    ]);
  });

  it.each<[reason: string, table: string, index: FoundIndex]>([
    ['is the natural key', 'sessions_tags', unique('transcript_id', 'tag_id', 'session_id')],
    ['tells apart more', 'scorecard_points', unique('id', 'scorecard_id')],
    ['spans sessions', 'sessions_comments', unique('author_id')],
    ['holds a column of the customer', 'sessions_comments', unique('session_id', 'of_the_customer')],
    ['is not unique', 'sessions_comments', { ...unique('session_id'), kind: 'plain' }],
  ])('are none where an index %s', (_reason, table, index) => {
    expect(standingKeys(tableOf(table), found(index))).toEqual([]);
  });
});

describe('storable rows', () => {
  const rows: Row[] = [
    { session_id: 's', et_id: '10', created_at: '2026-01-02 00:00:00', text: 'newer' },
    { session_id: 's', et_id: '9', created_at: '2026-01-02 00:00:00', text: 'older' },
    { session_id: 's', et_id: '11', created_at: null, text: 'of no time' },
  ];

  it('are the newest, by time and then by id as a number', () => {
    expect(storableRows(comments, [['session_id']], rows).map(({ text }) => text)).toEqual(['newer']);
  });

  it('are all where no key stands', () => {
    expect(storableRows(comments, [], rows)).toBe(rows);
  });

  it('leave rows that are counted, once a batch, and not those that ET repeats', () => {
    const document = sessionDocument(uuidOf(1), 'comments', 1, { sessions_comments: [...rows, ...rows] });
    const { entries } = readBatch(batchOf([answeredOf(uuidOf(1), [document])]));
    expect(notStored(entries, new Map([['sessions_comments', found(unique('session_id'))]]))).toEqual({
      sessions_comments: 2,
    });
    expect(notStored(entries, new Map())).toEqual({});
  });
});
