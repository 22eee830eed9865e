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

/** What the original may have left: other types and collations, and a unique key that let rows with nulls in twice. */
const adoptedTags = catalogOf(
  [
    ['session_id', 'char(32)', 'utf8mb4_general_ci'],
    ['tag_id', 'int(11)', null],
    ['matched_query_text', 'varchar(255)', 'utf8mb4_general_ci'],
    ['score', 'float', null],
  ].map(([column_name, type, collation]) => ({
    table_name: 'sessions_tags',
    column_name: column_name ?? '',
    type: type ?? '',
    collation: collation ?? null,
  })),
  ['session_id', 'tag_id', 'transcript_id'].map((column_name) => ({
    table_name: 'sessions_tags',
    index_name: 'uq_sessions_tags',
    column_name,
    kind: 'unique' as const,
  })),
  [],
);
const replaceSets = (target: ReturnType<typeof set>) => [
  statements.anyInSets(target),
  statements.createStage(target),
  statements.fillStage(target),
  statements.deleteGone(target),
  ...(target.repeats ? [statements.deleteRepeated(target)] : []),
  statements.updateChanged(target, true) ?? '',
  statements.insertOthers(target, true),
  statements.dropStage,
];

describe('statements for MariaDB and MySQL', () => {
  it.each([
    ['insert rows that are new', () => groups.map((target) => statements.insert(target, true))],
    ['insert what is missing', () => [statements.storedKeys(keyed), statements.insertMissing(keyed)]],
    ['lock rows in the order of their keys', () => [statements.lock(keyed)]],
    [
      'update only rows that differ',
      () =>
        groups.flatMap((target) => [
          statements.anyOf(target),
          statements.createStage(target),
          statements.updateChanged(target, true) ?? '',
          statements.insertOthers(target, true),
        ]),
    ],
    ['update tables without own columns', () => [statements.updateChanged(keyed, false) ?? '']],
    ['keep the least', () => [statements.updateGreater(keyed, 'outcome'), statements.insertOthers(keyed, false)]],
    ['make child sets equal', () => replaceSets(set('sessions_tags'))],
    ['make sets equal whose columns are all key', () => replaceSets(set('sessions_categories'))],
    ['make sets of an adopted table equal', () => replaceSets(set('sessions_tags', adoptedTags))],
    ['delete all rows of a set', () => [statements.deleteSets(set('sessions_tags', adoptedTags))]],
    [
      'delete children that moved away',
      () => [true, false].map((keeps) => statements.deleteOthers(set('scorecard_points'), keeps)),
    ],
    ['mark children that foreign keys point to', () => [statements.markOthers(set('scorecard_points'), true)]],
    ['blank texts', () => [statements.blank(set('sessions_tags', adoptedTags), ['meta', 'matched_query_text'])]],
    ['tell who owns a child', () => [statements.owners(set('scorecard_points'))]],
    [
      'mark what is gone, or back',
      () => groups.flatMap((target) => [true, false].map((gone) => statements.mark(target, gone))),
    ],
  ])('%s', (_purpose, texts) => {
    expect(`\n${texts().filter(Boolean).join(';\n')};\n`).toMatchSnapshot();
  });
});
