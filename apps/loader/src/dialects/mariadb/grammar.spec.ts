import { storedTables } from '../../schema/definition.js';
import { mariadbGrammar } from './grammar.js';

const grammar = mariadbGrammar({ statementTimeout: 300 });

describe('the schema of MariaDB and MySQL', () => {
  it('is locked by the connection, and statements take their time until it is given back', () => {
    expect(`\n${[...grammar.lock, ...grammar.unlock].join(';\n')};\n`).toMatchSnapshot();
  });

  it('is freed of a key of the original whatever its name', () => {
    const dropped = grammar.dropKey('sessions_comments', { name: "it's", columns: ['session_id'], kind: 'unique' });
    expect(dropped[0]).toContain("index_name = 'it''s'");
    expect(dropped[0]).toContain("'alter table `sessions_comments` drop index `it''s`'");
  });

  it('keeps every key within the 3,072 bytes of an index', () => {
    const bytes = { key: 4 * 255, uuid: 36, datetime: 8, bigint: 8, float: 8, int: 4, bool: 1 } as const;
    const sizes = storedTables.flatMap(({ name, primaryKey, columns, indexes }) => {
      const typeOf = new Map(columns.map((one) => [one.name, one.type]));
      return [primaryKey, ...indexes.map((one) => one.columns)].map((key) => {
        const parts = key.map((part) => bytes[(typeOf.get(part) ?? 'bigint') as keyof typeof bytes]);
        return { name, key, size: parts.reduce<number>((sum, size) => sum + size, 0) };
      });
    });
    expect(sizes.filter(({ size }) => !(size <= 3_072))).toEqual([]);
  });
});
