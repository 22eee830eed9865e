import { mariadbGrammar } from '../dialects/mariadb/grammar.js';
import { mssqlGrammar } from '../dialects/mssql/grammar.js';
import { postgresGrammar } from '../dialects/postgresql/grammar.js';
import { sqliteGrammar } from '../dialects/sqlite/grammar.js';
import { catalogOf, type Catalog, type IndexRow } from './catalog.js';
import { storedTables } from './definition.js';
import { planOfEmpty, planSchema, type FoundSchema, type FoundView } from './plan.js';
import { scriptOf } from './script.js';
import { editionOf, views } from './views.js';

const grammars = {
  sqlite: sqliteGrammar,
  postgresql: postgresGrammar('public'),
  mssql: mssqlGrammar('dbo'),
  mariadb: mariadbGrammar({ statementTimeout: 300 }),
};

const columns = storedTables.flatMap((table) =>
  table.columns.map(({ name, type }) => ({ table_name: table.name, column_name: name, type, collation: null })),
);
const indexes = storedTables.flatMap((table) =>
  table.indexes.flatMap((index) => index.columns.map((column) => indexRow(table.name, index.name, column))),
);
const complete = catalogOf(columns, indexes, []);
const standing = new Map<string, FoundView>(
  views.map((view) => [view.name, { columns: view.columns.map(({ name }) => name), edition: editionOf(view) }]),
);

function indexRow(table: string, index: string, column: string, kind: IndexRow['kind'] = 'plain'): IndexRow {
  return { table_name: table, index_name: index, column_name: column, kind };
}

function plan(tables: Catalog, found: FoundSchema['views'] = standing) {
  return planSchema({ tables, views: found });
}

/** The original's tables at a customer's who has added to them. */
const adopted = catalogOf(
  [
    ...columns.filter(({ table_name }) => table_name !== 'agents'),
    ...['id', 'name', 'phone_number', 'is_active', 'a_column_of_the_customer'].map((name) => ({
      table_name: 'agents',
      column_name: name,
      type: 'text',
      collation: null,
    })),
  ],
  [
    ...indexes.filter(({ index_name }) => index_name !== 'users_agent_id_ix'),
    indexRow('sessions_comments', 'one_comment', 'session_id', 'unique'),
    indexRow('sessions_summaries', 'sqlite_autoindex_sessions_summaries_1', 'session_id', 'unique'),
    indexRow('sessions_summaries', 'sqlite_autoindex_sessions_summaries_1', 'text', 'unique'),
  ],
  [],
);
const older = new Map(standing)
  .set('v_scores', { columns: ['score', 'session_id'], edition: 'an older one' })
  .set('v_tags', { columns: ['their_own'], edition: null });

describe.each(Object.entries(grammars))('the schema on %s', (dialect, grammar) => {
  it('of an empty database is created whole', () => {
    expect(`\n${scriptOf(planOfEmpty(), grammar, [dialect])}`).toMatchSnapshot();
  });

  it('of an adopted database gains what is missing, and loses two keys alone', () => {
    expect(`\n${scriptOf(plan(adopted, older), grammar, [dialect])}`).toMatchSnapshot();
  });
});

describe('the plan', () => {
  it('for a complete database is empty', () => {
    expect(plan(complete)).toEqual([]);
  });

  it('doubles no index that begins with the same columns', () => {
    const theirs = indexes.map((row) =>
      row.index_name === 'sessions_tags_tag_id_ix' ? { ...row, index_name: 'of_the_customer' } : row,
    );
    const wider = [...theirs, indexRow('sessions_tags', 'of_the_customer', 'is_agent')];
    expect(plan(catalogOf(columns, wider, []))).toEqual([]);
  });

  it('counts on no index that is about to go', () => {
    const unindexed = indexes.filter(({ index_name }) => index_name !== 'sessions_comments_key_ix');
    const alone = [...unindexed, indexRow('sessions_comments', 'one_comment', 'session_id', 'unique')];
    expect(plan(catalogOf(columns, alone, [])).map(({ kind }) => kind)).toEqual(['index', 'key']);
  });

  it('replaces views of an older form, and leaves alone what somebody else calls by their names', () => {
    const table = { table_name: 'v_sessions', column_name: 'id', type: 'text', collation: null };
    expect(plan(catalogOf([...columns, table], indexes, []), older)).toMatchObject([
      { kind: 'taken', view: { name: 'v_sessions' } },
      { kind: 'view', view: { name: 'v_scores' }, replaces: true },
      { kind: 'taken', view: { name: 'v_tags' } },
    ]);
  });

  it('leaves alone views of a later version, which know more columns', () => {
    const later = new Map<string, FoundView>(
      [...standing].map(([name, { columns }]) => [name, { columns: ['new', ...columns], edition: 'of later' }]),
    );
    expect(plan(complete, later)).toEqual([]);
  });

  it('makes a view anew whose columns are the same and whose form is not', () => {
    const other = new Map(standing).set('v_tags', { columns: standing.get('v_tags')?.columns ?? [], edition: 'other' });
    expect(plan(complete, other)).toMatchObject([{ kind: 'view', view: { name: 'v_tags' }, replaces: true }]);
  });
});

describe('the tables', () => {
  it('have indexes of distinct names, short enough for every dialect', () => {
    const names = storedTables.flatMap(({ indexes }) => indexes.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.length > 63)).toEqual([]);
  });

  it.each([
    ['sessions', 'start_dt'],
    ['sessions', 'agent_id'],
    ['sessions', 'group_id'],
    ['sessions_tags', 'tag_id'],
    ['sessions_categories', 'category_id'],
    ['sessions_scores', 'scorecard_point_id'],
    ['users', 'agent_id'],
  ])('have an index for reports that look %s up by %s', (table, column) => {
    const found = storedTables.find(({ name }) => name === table)?.indexes ?? [];
    expect(found.filter(({ columns }) => columns[0] === column)).toHaveLength(1);
  });

  it('are found by their owner through an index', () => {
    const children = storedTables.filter(({ identity }) => identity);
    expect(children.length).toBeGreaterThan(8);
    expect(children.filter(({ indexes }) => !indexes[0]?.name.endsWith('_key_ix'))).toEqual([]);
  });
});
