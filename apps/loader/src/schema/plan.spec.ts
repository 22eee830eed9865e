import { postgresGrammar } from '../dialects/postgresql/grammar.js';
import { sqliteGrammar } from '../dialects/sqlite/grammar.js';
import { storedTables } from './definition.js';
import { planSchema, type Catalog } from './plan.js';

const grammars = { sqlite: sqliteGrammar, postgresql: postgresGrammar };
const empty: Catalog = { tables: new Map(), indexes: new Set() };
const complete: Catalog = {
  tables: new Map(storedTables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))])),
  indexes: new Set(storedTables.flatMap(({ indexes }) => indexes.map(({ name }) => name))),
};

describe.each(Object.entries(grammars))('the schema on %s', (_dialect, grammar) => {
  it('of an empty database is created whole', () => {
    expect(`\n${planSchema(storedTables, empty, grammar).join(';\n')};\n`).toMatchSnapshot();
  });

  it('of a complete database needs nothing', () => {
    expect(planSchema(storedTables, complete, grammar)).toEqual([]);
  });

  it('gains the columns and indexes that are missing, and loses none', () => {
    const tables = new Map(complete.tables);
    tables.set('agents', new Set(['id', 'name', 'phone_number', 'is_active', 'a_column_of_the_customer']));
    const indexes = new Set([...complete.indexes].filter((name) => name !== 'users_agent_id_ix'));
    const statements = planSchema(storedTables, { tables, indexes }, grammar);
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
