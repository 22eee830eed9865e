import { tables } from '#contracts';

import { isOwned, setTargetOf, targetOf } from '../../merge/targets.js';
import { catalogOf } from '../../schema/catalog.js';
import { fittedSet, fittedTarget } from './fitted.js';
import { stage } from './staging.js';
import * as statements from './statements.js';

const sets = tables.filter(isOwned).map(setTargetOf);
const set = (name: string, catalog = catalogOf([], [], [])) => {
  const found = sets.find(({ table }) => table === name);
  if (!found) throw new Error(`no ${name}`);
  return fittedSet('dbo', found, catalog);
};
const table = tables.find(({ name }) => name === 'groups');
if (!table) throw new Error('no groups');
const groups = fittedTarget('dbo', targetOf(table), new Map());
const versions = fittedTarget(
  'dbo',
  {
    table: 'etl_versions',
    key: ['entity', 'key'],
    columns: ['entity', 'key', 'root_hash'].map((name) => ({ name, type: 'key' as const })),
  },
  new Map(),
);
/** A table found with its keys, as every one is once the loader has started. */
const found = (table_name: string, column_name: string, type: string, kind: 'primary' | 'plain') =>
  catalogOf(
    [{ table_name, column_name, type, collation: null }],
    [{ table_name, index_name: 'of_theirs', column_name, kind }],
    [],
  );
/** As the original script makes it. */
const adopted = catalogOf(
  [
    { column_name: 'agent_id', type: 'int', collation: null },
    { column_name: 'group_id', type: 'int', collation: null },
    { column_name: 'start_dt', type: 'datetime', collation: null },
  ].map((column) => ({ table_name: 'agent_group_associations', ...column })),
  [],
  [],
);

describe('statements for SQL Server', () => {
  it.each([
    ['make the table rows are sent into', () => stage(groups)],
    [
      'make a second one where an adopted column has another type',
      () => stage(set('agent_group_associations', adopted)),
    ],
    ['count the keys that are there', () => statements.standing(versions)],
    ['insert what is missing', () => statements.insertMissing(groups)],
    ['claim keys', () => statements.claim(versions)],
    [
      'look at no rows of others where an index serves',
      () => statements.upsert(fittedTarget('dbo', targetOf(table), found('groups', 'id', 'int', 'primary')), true),
    ],
    [
      'look at no sets of others where an index serves',
      () =>
        statements.replaceSets(
          set('sessions_categories', found('sessions_categories', 'session_id', 'uniqueidentifier', 'plain')),
        ),
    ],
    ['let one transaction at a time pass', () => statements.serialise],
    ['update only rows that differ', () => statements.upsert(groups, true)],
    ['update tables without own columns', () => statements.upsert(groups, false)],
    ['make child sets equal', () => statements.replaceSets(set('sessions_tags'))],
    ['make sets equal whose columns are all key', () => statements.replaceSets(set('sessions_categories'))],
    [
      'make sets equal whose keys the database may find equal',
      () => statements.replaceSets(set('sessions_crm_statuses')),
    ],
    ['make adopted sets equal', () => statements.replaceSets(set('agent_group_associations', adopted))],
    ['delete children that moved away', () => statements.deleteOthers(set('scorecard_points'))],
    ['mark children that moved away', () => statements.markOthers(set('scorecard_points'))],
    ['delete whole sets', () => statements.deleteSets(set('sessions_comments'))],
    ['blank texts', () => statements.blank(set('sessions_comments'), ['text', 'comments'])],
    ['tell who owns a child', () => statements.owners(set('scorecard_points'), '[dbo].[etl_versions]')],
    ['mark what is gone', () => statements.mark(groups, true)],
    ['mark what is back', () => statements.mark(groups, false)],
    ['keep the least', () => statements.keepLeast(versions, 'root_hash')],
  ])('%s', (_purpose, text) => {
    expect(`\n${text()}\n`).toMatchSnapshot();
  });
});
