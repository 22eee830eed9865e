import { tables } from '#contracts';

import { isOwned, setTargetOf, targetOf } from '../../merge/targets.js';
import * as statements from './statements.js';

const sets = tables.filter(isOwned).map(setTargetOf);
const set = (name: string) => {
  const found = sets.find(({ table }) => table === name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const groups = tables.filter(({ name }) => name === 'groups').map((table) => targetOf(table));
const keyed = {
  table: 'etl_keys',
  key: ['slice_id', 'key'],
  columns: ['slice_id', 'key', 'outcome'].map((name) => ({ name, type: 'key' as const })),
};

describe('statements for PostgreSQL', () => {
  it.each([
    ['insert what is missing', () => groups.map(statements.insertMissing)],
    ['lock rows in the order of their keys', () => groups.map(statements.lock)],
    ['update only rows that differ', () => groups.map((target) => statements.upsert(target, true))],
    ['update tables without own columns', () => groups.map((target) => statements.upsert(target, false))],
    ['make child sets equal', () => [statements.replaceSets(set('sessions_tags'))]],
    ['make sets equal whose columns are all key', () => [statements.replaceSets(set('sessions_categories'))]],
    ['delete children that moved away', () => [statements.deleteOthers(set('scorecard_points'))]],
    ['mark children that foreign keys point to', () => [statements.markOthers(set('scorecard_points'))]],
    ['tell who owns a child', () => [statements.owners(set('scorecard_points'))]],
    ['mark what is gone', () => groups.map((target) => statements.mark(target, true))],
    ['mark what is back', () => groups.map((target) => statements.mark(target, false))],
    ['keep the least', () => [statements.keepLeast(keyed, 'outcome')]],
  ])('%s', (_purpose, texts) => {
    expect(`\n${texts().join('\n')}\n`).toMatchSnapshot();
  });
});
