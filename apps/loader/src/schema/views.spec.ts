import { tables } from '#contracts';

import { sqliteGrammar } from '../dialects/sqlite/grammar.js';
import { editionOf, selectOf, views } from './views.js';

const known = new Map(tables.map(({ name, columns }) => [name, new Set(columns.map((column) => column.name))]));
const own = new Set(['_etl_deleted_at', '_etl_placeholder', '_etl_synced_at']);

describe.each(views.map((view) => [view.name, view] as const))('%s', (_name, view) => {
  const aliases = new Map(
    view.from.flatMap((line) =>
      [...line.matchAll(/^(?:from|(?:left )?join) "(\w+)" (\w+)/g)].map(([, table = '', alias = '']) => [alias, table]),
    ),
  );

  it('names each column once, with a meaning', () => {
    const names = view.columns.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(view.columns.filter(({ meaning }) => meaning === '')).toEqual([]);
  });

  it('reads only columns that its tables have', () => {
    const read = [...view.columns.map(({ sql }) => sql), ...view.from].join('\n');
    const unknown = [...read.matchAll(/\b(\w)\."(\w+)"/g)].filter(([, alias = '', name = '']) => {
      const table = known.get(aliases.get(alias) ?? '');
      return table && !table.has(name) && !own.has(name);
    });
    expect(unknown).toEqual([]);
  });

  it('joins by keys alone, so that rows never multiply', () => {
    const joins = view.from.filter((line) => /^(left )?join "/.test(line));
    expect(joins.filter((line) => !/^(left )?join "\w+" (\w) on \2\."(id|name|day)" = /.test(line))).toEqual([]);
  });
});

it('keeps the columns that stand already in their places', () => {
  const [view] = views;
  if (!view) throw new Error('no view');
  const names = (text: string) => [...text.matchAll(/ as "(\w+)",?$/gm)].map(([, name]) => name);
  const moved = ['group_name', 'id', 'gone'];
  const others = view.columns.map(({ name }) => name).filter((name) => !moved.includes(name));
  expect(names(selectOf(view, moved, sqliteGrammar))).toEqual(['group_name', 'id', ...others]);
});

it('tells a changed definition from the one before', () => {
  const editions = views.map(editionOf);
  expect(new Set(editions).size).toBe(views.length);
  expect(views.map((view) => editionOf({ ...view, from: [...view.from, 'where 1 = 1'] }))).not.toEqual(editions);
  expect(views.map((view) => editionOf({ ...view, meaning: 'told better' }))).toEqual(editions);
});
