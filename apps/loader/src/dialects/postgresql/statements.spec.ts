import { tables } from '#contracts';

import { isOwned, setTargetOf, targetOf } from '../../merge/targets.js';
import { catalogOf, type Catalog } from '../../schema/catalog.js';
import { fittedSet, fittedTarget } from './fitted.js';
import * as statements from './statements.js';

const sets = tables.filter(isOwned).map(setTargetOf);
const set = (name: string, catalog: Catalog = new Map()) => {
  const found = sets.find(({ table }) => table === name);
  if (!found) throw new Error(`no ${name}`);
  return fittedSet(found, catalog);
};
const groups = tables.filter(({ name }) => name === 'groups').map((table) => fittedTarget(targetOf(table), new Map()));
const keyed = fittedTarget(
  {
    table: 'etl_keys',
    key: ['slice_id', 'key'],
    columns: ['slice_id', 'key', 'outcome'].map((name) => ({ name, type: 'key' as const })),
  },
  new Map(),
);

/** What the original may have left: other types, and a unique key that let rows with nulls in twice. */
const adopted = (table: string, types: Record<string, string>, unique: string[] = []) =>
  catalogOf(
    Object.entries(types).map(([column_name, type]) => ({
      table_name: table,
      column_name,
      type,
      collation: 'default',
    })),
    unique.map((column_name) => ({ table_name: table, index_name: 'of_theirs', column_name, kind: 'unique' as const })),
    [],
  );
const tagTypes = {
  session_id: 'character(32)',
  tag_id: 'integer',
  matched_query_text: 'character varying(255)',
  meta: 'json',
};
const adoptedTags = adopted('sessions_tags', tagTypes, ['session_id', 'tag_id', 'transcript_id']);
const adoptedAgents = adopted('agent_group_associations', { start_dt: 'timestamp(0) without time zone' });

describe('statements for PostgreSQL', () => {
  it.each([
    ['insert what is missing', () => groups.map(statements.insertMissing)],
    ['lock rows in the order of their keys', () => groups.map(statements.lock)],
    ['update only rows that differ', () => groups.map((target) => statements.upsert(target, true))],
    ['update tables without own columns', () => groups.map((target) => statements.upsert(target, false))],
    ['make child sets equal', () => [statements.replaceSets(set('sessions_tags'))]],
    ['make sets equal whose columns are all key', () => [statements.replaceSets(set('sessions_categories'))]],
    ['make sets of an adopted table equal', () => [statements.replaceSets(set('sessions_tags', adoptedTags))]],
    [
      'make sets equal whose keys round',
      () => [statements.replaceSets(set('agent_group_associations', adoptedAgents))],
    ],
    ['delete children that moved away', () => [statements.deleteOthers(set('scorecard_points'))]],
    ['mark children that foreign keys point to', () => [statements.markOthers(set('scorecard_points'))]],
    ['delete whole sets', () => [statements.deleteSets(set('sessions_comments'))]],
    ['blank texts', () => [statements.blank(set('sessions_comments'), ['text', 'comments'])]],
    ['tell who owns a child', () => [statements.owners(set('scorecard_points'))]],
    ['mark what is gone', () => groups.map((target) => statements.mark(target, true))],
    ['mark what is back', () => groups.map((target) => statements.mark(target, false))],
    ['keep the least', () => [statements.keepLeast(keyed, 'outcome')]],
  ])('%s', (_purpose, texts) => {
    expect(`\n${texts().join('\n')}\n`).toMatchSnapshot();
  });
});
