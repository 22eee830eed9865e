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
const missing = { stamped: false, ending: ' on conflict do nothing' };

describe('statements for SQLite', () => {
  it.each([
    ['insert what is missing', () => groups.map((target) => statements.insert(target, missing))],
    ['insert several rows', () => groups.map((target) => statements.insert(target, { stamped: true, rows: 2 }))],
    ['read rows by their keys', () => groups.map(statements.selectByKey)],
    ['update only rows that differ', () => groups.map((target) => statements.upsert(target, true))],
    ['update tables without own columns', () => groups.map((target) => statements.upsert(target, false))],
    ['read child sets', () => [statements.selectSets(set('sessions_transcripts'))]],
    ['update a child', () => [statements.updateById(set('sessions_tags'))]],
    ['delete a child', () => [statements.deleteById(set('sessions_tags'))]],
    ['delete whole sets', () => [statements.deleteSets(set('sessions_comments'))]],
    ['blank texts', () => [statements.blank(set('sessions_comments'), ['text', 'comments'])]],
    ['tell who owns a child', () => [statements.ownerOf(set('scorecard_points'))]],
    ['mark what is gone', () => groups.map((target) => statements.mark(target, true))],
    ['mark what is back', () => groups.map((target) => statements.mark(target, false))],
    ['keep the least', () => [statements.keepLeast(keyed, 'outcome')]],
  ])('%s', (_purpose, texts) => {
    expect(`\n${texts().join('\n')}\n`).toMatchSnapshot();
  });
});
