import { ownColumnsOf, rootOf, tables, tablesOf, type RowBatch } from '#contracts';

import { unknownName } from './unknown-name.js';

function batch(entity: RowBatch['entity'], rows: RowBatch['answered'][number]['documents'][number]['rows']): RowBatch {
  const subject = { kind: 'day', day: '2026-11-20' } as const;
  const slice = { runId: 'r', sliceId: 'r:2026-11-20', lane: 'live', subject } as const;
  return {
    identity: { slice, attempt: '0b7e9f0c-7a1f-4a51-9d5c-6f2f3b1f8a11', page: 0, number: 0, sha: 'a'.repeat(64) },
    entity,
    answered: [{ key: '1', outcome: 'loaded', documents: [{ document: 'item', version: 1, rows }], unknown: [] }],
    rejects: [],
    unknownFields: {},
    cleaned: { nul: 0, surrogates: 0 },
  };
}

it.each(tables)('knows every column of $name', ({ name, entity, columns }) => {
  const row = Object.fromEntries(columns.map((column) => [column.name, null]));
  expect(unknownName(batch(entity, { [name]: [row] }))).toBeUndefined();
});

it('does not know a column that was added later, in whichever row it is first', () => {
  expect(unknownName(batch('users', { users: [{ id: 1 }, { id: 2, shoe_size: null }] }))).toBe('users.shoe_size');
});

it("nor a table, be it another entity's or a name that every object has", () => {
  expect(tablesOf('users', 'item').map(({ name }) => name)).not.toContain('tags');
  for (const name of ['tags', 'etl_runs', 'constructor', 'x'.repeat(1_000)]) {
    expect(unknownName(batch('users', { [name]: [] }))).toBe(name.slice(0, 100));
  }
});

it('nor the own columns of the loader, for nobody else writes them', () => {
  for (const { name } of ownColumnsOf(rootOf('users'))) {
    expect(unknownName(batch('users', { users: [{ id: 1, [name]: null }] }))).toBe(`users.${name}`);
  }
});

it('nor what every object has', () => {
  for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
    expect(unknownName(batch('users', { users: [{ id: 1, [name]: 1 }] }))).toBe(`users.${name}`);
  }
});
