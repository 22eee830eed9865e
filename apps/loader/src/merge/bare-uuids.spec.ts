import { catalogOf } from '../schema/catalog.js';
import { withBareUuids, holdsBareUuids } from './bare-uuids.js';
import type { RowWriter } from './row-writer.js';

const id = '0b6f1d1e-1111-4111-8111-000000000001';
const bare = id.replaceAll('-', '');
const target = {
  table: 'sessions_tags',
  key: ['session_id'],
  columns: [
    { name: 'session_id', type: 'uuid' as const },
    { name: 'matched_query_text', type: 'text' as const },
  ],
  owner: { name: 'session_id', type: 'uuid' as const },
};
const stamp = { now: '2026-03-01 00:00:00.000000', runId: 'r' };
const catalogWith = (type: string) =>
  catalogOf(
    ['session_id', 'matched_query_text'].map((column_name) => ({
      table_name: 'sessions_tags',
      column_name,
      type,
      collation: null,
    })),
    [],
    [],
  );

/** What reaches the writer of a dialect. */
async function given(type: string): Promise<unknown[]> {
  const calls: unknown[] = [];
  const writer = { replaceSets: (...args: unknown[]) => Promise.resolve(calls.push(...args.slice(1, 3))) };
  const rows = [{ session_id: id, matched_query_text: 'a-b' }];
  await withBareUuids(writer as unknown as RowWriter, catalogWith(type)).replaceSets(target, [id], rows, stamp);
  return calls;
}

it.each(['CHAR(32)', 'character(32)', 'nchar(32)', 'varchar (32)'])('%s holds UUIDs without hyphens', async (type) => {
  expect(holdsBareUuids({ name: 'id', type, collation: null })).toBe(true);
  expect(await given(type)).toEqual([[bare], [{ session_id: bare, matched_query_text: 'a-b' }]]);
});

it.each(['uuid', 'char(36)', 'uniqueidentifier', 'text'])('%s holds them as they are', async (type) => {
  expect(holdsBareUuids({ name: 'id', type, collation: null })).toBe(false);
  expect(await given(type)).toEqual([[id], [{ session_id: id, matched_query_text: 'a-b' }]]);
});
