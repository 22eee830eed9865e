import type { SetTarget } from '../../merge/row-writer.js';
import { catalogOf } from '../../schema/catalog.js';
import { fittedSet, staysDistinct } from './fitted.js';

const target: SetTarget = {
  table: 'sets',
  key: ['owner_id', 'word', 'since'],
  owner: { name: 'owner_id', type: 'int' },
  columns: [
    { name: 'owner_id', type: 'int' },
    { name: 'word', type: 'key' },
    { name: 'since', type: 'datetime' },
  ],
};
const found = (word: string, since: string, indexes: Record<string, string[]> = {}) =>
  catalogOf(
    [
      { table_name: 'sets', column_name: 'word', type: 'varchar(255)', collation: word },
      { table_name: 'sets', column_name: 'since', type: since, collation: null },
    ],
    Object.entries(indexes).flatMap(([index_name, columns]) =>
      columns.map((column_name) => ({ table_name: 'sets', index_name, column_name, kind: 'unique' as const })),
    ),
    [],
  );

describe('keys stay apart', () => {
  it.each([
    ['in own tables', new Map(), ['Paid', 'paid'], true],
    ['not where they end in blanks, which do not count', new Map(), ['paid', 'paid '], false],
    ['not where the collation leaves case out', found('utf8mb4_general_ci', 'datetime(6)'), ['Paid', 'paid'], false],
    ['not where fractions of a second are cut off', found('utf8mb4_bin', 'datetime'), ['Paid', 'paid'], false],
  ])('%s', (_where, catalog, words, apart) => {
    const rows = words.map((word) => ({ owner_id: 1, word, since: null }));
    expect(staysDistinct(fittedSet(target, catalog), rows)).toBe(apart);
  });
});

describe('the index by which rows are found', () => {
  it.each([
    ['is that with most of the key', { short: ['owner_id'], long: ['owner_id', 'word'] }, 'long'],
    ['begins with the owner', { other: ['word', 'owner_id'] }, undefined],
    ['may go on with other columns', { mixed: ['owner_id', 'note'] }, 'mixed'],
  ])('%s', (_which, indexes, name) => {
    expect(fittedSet(target, found('utf8mb4_bin', 'datetime', indexes)).index).toBe(name);
  });

  it('tells whether rows with nulls may stand twice', () => {
    const repeats = (indexes: Record<string, string[]>) =>
      fittedSet(target, found('utf8mb4_bin', 'datetime', indexes)).repeats;
    expect(repeats({ theirs: ['word', 'owner_id', 'since'] })).toBe(true);
    expect(repeats({ theirs: ['owner_id', 'note'] })).toBe(false);
  });
});
