import { details, tables } from '#contracts';

import { Tenant } from './tenant.js';
import { truth, truthByTable, truthKey, truthOfSession, truthTables } from './truth.js';
import { cleanText, datetime, json, textOrJson } from './truth-values.js';

const tenant = new Tenant({ seed: 5, sessions: 2000, days: 5, unmappable: 3, unmappableTags: 1 });
const rows = truthByTable(tenant, { details });

it('tells the tables of the contracts, with exactly their columns', () => {
  expect(new Set(truthTables)).toEqual(new Set(tables.map(({ name }) => name)));
  for (const { name, columns } of tables) {
    expect(rows.get(name)?.length).toBeGreaterThan(0);
    const expected = columns.map((column) => column.name).sort();
    const found = new Set(rows.get(name)?.map((row) => Object.keys(row).sort().join()));
    expect(found).toEqual(new Set([expected.join()]));
  }
});

it('has no natural key twice, nor any by the key of the contracts', () => {
  for (const { name, key } of tables) {
    const ours = new Set<string>();
    const theirs = new Set<string>();
    for (const row of rows.get(name) ?? []) {
      ours.add(truthKey(name, row));
      theirs.add(JSON.stringify(key.map((column) => row[column])));
    }
    expect([name, ours.size, theirs.size]).toEqual([name, rows.get(name)?.length, rows.get(name)?.length]);
  }
});

it('had natural keys to make one of: the generator repeats them', () => {
  const repeated = [...tenant.indexes()].filter((index) => {
    const { categories } = tenant.session(index);
    const keys = ((categories as { id: number; is_verified?: boolean | null }[] | null) ?? []).map(
      ({ id, is_verified: verified }) => `${id} ${String(verified ?? null)}`,
    );
    return new Set(keys).size < keys.length;
  });
  expect(repeated.length).toBeGreaterThan(10);
});

it('keeps the last of equal keys', () => {
  const [index = -1] = [...tenant.indexes()].filter((at) => {
    const ids = tenant.transcripts(at).items.map(({ id }) => id);
    return new Set(ids).size < ids.length;
  });
  const { items } = tenant.transcripts(index);
  const last = items.at(-1);
  const session = truthOfSession(tenant, tenant.idOf(index), { details: ['transcripts'] });
  const kept = session.filter(({ row }) => row['transcript_id'] === last?.['id']);
  expect(kept.map(({ row }) => row['position'])).toEqual([items.length - 1]);
});

it('holds only values that fit the types of the contracts', () => {
  const fits: Record<string, (value: unknown) => boolean> = {
    int: (value) => Number.isInteger(value) && Math.abs(Number(value)) <= 2_147_483_647,
    bigint: (value) => Number.isSafeInteger(value),
    float: (value) => typeof value === 'number',
    bool: (value) => typeof value === 'boolean',
    text: (value) => typeof value === 'string' && value.isWellFormed() && !value.includes('\u0000'),
    key: (value) => typeof value === 'string' && value.length <= 255,
    datetime: (value) => /^(19|20)\d\d-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/.test(String(value)),
    json: (value) => JSON.stringify(value).isWellFormed() && !/(^|[^\\])\\u(0000|d[89a-f])/.test(JSON.stringify(value)),
    uuid: (value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)),
  };
  for (const { name, columns } of tables) {
    for (const { name: column, type } of columns) {
      const wrong = (rows.get(name) ?? []).filter((row) => row[column] !== null && !fits[type]?.(row[column]));
      expect([name, column, wrong]).toEqual([name, column, []]);
    }
  }
});

it('leaves out what cannot be mapped, and details nobody asks for', () => {
  expect(rows.get('sessions')).toHaveLength(2000);
  expect(rows.get('tags')).toHaveLength(120);
  const few = truthByTable(tenant, { details: ['summary'] });
  expect(few.get('sessions_summaries')).toEqual(rows.get('sessions_summaries'));
  expect(few.get('sessions_scores')).toEqual([]);
  expect(few.get('sessions_transcripts')).toEqual([]);
  expect(few.get('sessions')).not.toEqual(rows.get('sessions'));
});

it('takes additional_info from the session, or from its own answer where that is asked for', () => {
  const index = [...tenant.indexes()].find(
    (at) => !tenant.isUnmappable(at) && tenant.session(at)['additional_info'] && tenant.detail(at)['additional_info'],
  );
  const infoOf = (asked: readonly ('detail' | 'scores')[]) => {
    const [session] = truthOfSession(tenant, tenant.idOf(index ?? -1), { details: asked });
    return session?.row['additional_info'] as Record<string, unknown>;
  };
  expect(infoOf(['scores'])).not.toHaveProperty('ticket_system_id');
  expect(infoOf(['detail'])).toMatchObject({ ...infoOf([]), ticket_system_id: expect.any(Number) });
});

it('follows changes and days', () => {
  const changed = new Tenant({ seed: 5, sessions: 300, days: 3, lastDay: '2026-11-20' });
  const [deleted = '', moved = ''] = changed.ids('2026-11-18');
  changed.apply({ change: 'delete', ids: [deleted] }, { change: 'move', id: moved, day: '2026-11-19' });
  expect(truthOfSession(changed, deleted, { details })).toEqual([]);
  const dayRows = [...truth(changed, { details: [], from: '2026-11-19', to: '2026-11-19' })];
  const ids = dayRows.filter(({ table }) => table === 'sessions').map(({ row }) => row['id']);
  expect(new Set(ids)).toEqual(new Set(changed.ids('2026-11-19')));
  expect(ids).toContain(moved);
});

it('adds user 0 only where ET does not list it', () => {
  const zero = rows.get('users')?.filter(({ id }) => id === 0);
  expect(zero).toEqual([
    expect.objectContaining({ full_name: 'Ender Turing', is_active: false, invite_expires: '1900-01-01 00:00:00' }),
  ]);
  const listed = truthByTable(new Tenant({ sessions: 1, listsUserZero: true }), { details: [] });
  expect(listed.get('users')?.filter(({ id }) => id === 0)).toEqual([expect.objectContaining({ full_name: 'Zero' })]);
});

describe('values', () => {
  it.each([
    ['2026-11-20T10:00:00', '2026-11-20 10:00:00'],
    ['2026-11-20T10:00:00Z', '2026-11-20 10:00:00'],
    ['2026-11-20T10:00:00.000000', '2026-11-20 10:00:00'],
    ['2026-11-20T10:00:00.120000Z', '2026-11-20 10:00:00.120000'],
    ['0001-01-01T00:00:00Z', '1900-01-01 00:00:00'],
    [null, null],
    [undefined, null],
  ])('%s is the date-time %s', (given, expected) => expect(datetime(given)).toBe(expected));

  it('keeps every character but U+0000 and lone surrogates', () => {
    expect(cleanText('a\u0000b\ud800c\\u0000👩‍👩‍👧\u202e')).toBe('ab\ufffdc\\u0000👩‍👩‍👧\u202e');
    expect(json({ 'k\u0000': ['\udc00', null, 1], '': false })).toEqual({ k: ['\ufffd', null, 1], '': false });
    expect(textOrJson([{ a: 'x\u0000"' }])).toBe('[{"a":"x\\""}]');
    expect(textOrJson('як є')).toBe('як є');
  });
});
