import { postgresGrammar } from '../dialects/postgresql/grammar.js';
import { sqliteGrammar } from '../dialects/sqlite/grammar.js';
import { storedTables } from './definition.js';
import { catalogOf, type Catalog } from './catalog.js';
import { planSchema } from './plan.js';

const grammars = { sqlite: sqliteGrammar, postgresql: postgresGrammar };
const columns = storedTables.flatMap((table) =>
  table.columns.map(({ name, type }) => ({ table_name: table.name, column_name: name, type, collation: null })),
);
const indexes = storedTables.flatMap((table) =>
  table.indexes.flatMap((index) =>
    index.columns.map((column) => ({
      table_name: table.name,
      index_name: index.name,
      column_name: column,
      kind: 'plain' as const,
    })),
  ),
);
const complete: Catalog = catalogOf(columns, indexes, []);

describe.each(Object.entries(grammars))('the schema on %s', (_dialect, grammar) => {
  it('of an empty database is created whole', () => {
    expect(`\n${planSchema(storedTables, new Map(), grammar).join(';\n')};\n`).toMatchSnapshot();
  });

  it('of a complete database needs nothing', () => {
    expect(planSchema(storedTables, complete, grammar)).toEqual([]);
  });

  it('gains the columns and indexes that are missing, and loses none', () => {
    const theirs = ['id', 'name', 'phone_number', 'is_active', 'a_column_of_the_customer'].map((name) => ({
      table_name: 'agents',
      column_name: name,
      type: 'text',
      collation: null,
    }));
    const found = catalogOf(
      [...columns.filter(({ table_name }) => table_name !== 'agents'), ...theirs],
      indexes.filter(({ index_name }) => index_name !== 'users_agent_id_ix'),
      [],
    );
    const statements = planSchema(storedTables, found, grammar);
    expect(statements.join(';\n')).toMatchSnapshot();
    expect(statements.every((statement) => /^(alter table \S+ add column|create index) /.test(statement))).toBe(true);
  });
});

describe('the tables', () => {
  it('have indexes of distinct names, short enough for every dialect', () => {
    const names = storedTables.flatMap(({ indexes }) => indexes.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.length > 63)).toEqual([]);
  });

  it('are found by their owner through an index', () => {
    const children = storedTables.filter(({ identity }) => identity);
    expect(children.length).toBeGreaterThan(8);
    expect(children.filter(({ indexes }) => !indexes[0]?.name.endsWith('_key_ix'))).toEqual([]);
  });
});
