import type { Catalog, FoundIndex, FoundTable } from './catalog.js';
import { outdated, storedTables, type StoredIndex, type StoredTable } from './definition.js';
import type { Grammar, NewPart } from './grammar.js';
import { editionName, editionOf, selectOf, views, type View } from './views.js';

/** A view as the database has it. */
export interface FoundView {
  /** In their order. */
  readonly columns: readonly string[];
  /** Which definition the loader made it by; null where somebody else made it. */
  readonly edition: string | null;
}

/** What a database holds of what the loader needs. */
export interface FoundSchema {
  readonly tables: Catalog;
  readonly views: ReadonlyMap<string, FoundView>;
}

const emptySchema: FoundSchema = { tables: new Map(), views: new Map() };

/** One thing in which a database differs from the specification. */
export type Change =
  | { readonly kind: 'table'; readonly table: StoredTable }
  | NewPart
  | { readonly kind: 'view'; readonly view: View; readonly standing: readonly string[]; readonly replaces: boolean }
  /** A unique key of the original that lets in too few rows. */
  | { readonly kind: 'key'; readonly table: StoredTable; readonly key: FoundIndex }
  /** The name of a view is taken by something of somebody else's, which is left alone. */
  | { readonly kind: 'taken'; readonly view: View };

/**
 * What a database lacks, in the order in which it can be added; keys of the original go last, for a foreign key may
 * need the index that replaces one. Nothing else is ever dropped, and nothing retyped.
 */
export function planSchema({ tables: catalog, views: foundViews }: FoundSchema): Change[] {
  const keys = storedTables.flatMap((table) => {
    const found = catalog.get(table.name);
    return found ? outdated(table.name, found).map((key): Change => ({ kind: 'key', table, key })) : [];
  });
  return [
    ...storedTables.flatMap((table) => planTable(table, catalog.get(table.name))),
    ...views.flatMap((view) => planView(view, catalog.has(view.name), foundViews.get(view.name))),
    ...keys,
  ];
}

/** What a database lacks that holds nothing. */
export function planOfEmpty(): Change[] {
  return planSchema(emptySchema);
}

/** The statements that make a change; none where the dialect has none, or where it is left alone. */
export function statementsOf(change: Change, grammar: Grammar): readonly string[] {
  switch (change.kind) {
    case 'table':
      return [grammar.createTable(change.table)];
    case 'column':
      return [grammar.addColumn(change.table, change.column)];
    case 'index':
      return [grammar.createIndex(change.table, change.index)];
    case 'view':
      return viewStatements(change, grammar);
    case 'key':
      return grammar.dropKey(change.table.name, change.key);
    case 'taken':
      return [];
  }
}

function planTable(table: StoredTable, found: FoundTable | undefined): Change[] {
  const columns = table.columns.filter(({ name }) => found && !found.columns.has(name));
  const indexes = table.indexes.filter((index) => !covered(table, found, index));
  return [
    ...(found ? [] : [{ kind: 'table' as const, table }]),
    ...columns.map((column) => ({ kind: 'column' as const, table, column })),
    ...indexes.map((index) => ({ kind: 'index' as const, table, index })),
  ];
}

function planView(view: View, isTable: boolean, found: FoundView | undefined): Change[] {
  if (isTable || found?.edition === null) return [{ kind: 'taken', view }];
  if (found?.edition === editionOf(view) || (found && isLater(found, view))) return [];
  return [{ kind: 'view', view, standing: found?.columns ?? [], replaces: found !== undefined }];
}

/** Views lose no column: one with all we know and more is of a later version, and loaders of that may be at work. */
function isLater(found: FoundView, { columns }: View): boolean {
  return found.columns.length > columns.length && columns.every(({ name }) => found.columns.includes(name));
}

/** An index that begins with the same columns serves as well, unless it is about to be dropped. */
function covered({ name }: StoredTable, found: FoundTable | undefined, { columns }: StoredIndex): boolean {
  if (!found) return false;
  const going = new Set(outdated(name, found));
  const begins = (others: readonly string[]) => columns.every((column, place) => others[place] === column);
  return found.indexes.some((index) => !going.has(index) && begins(index.columns));
}

/** The edition is unknown while the view is made: where DDL commits by itself, a crash in between is made good. */
function viewStatements({ view, standing }: Extract<Change, { kind: 'view' }>, grammar: Grammar): string[] {
  const { quote, qualified, createView } = grammar;
  const [table, name, value] = [qualified('etl_state'), quote('name'), quote('value')];
  return [
    `delete from ${table} where ${name} = '${editionName(view.name)}'`,
    `insert into ${table} (${name}, ${value}) values ('${editionName(view.name)}', '')`,
    ...createView(view.name, selectOf(view, standing, grammar)),
    `update ${table} set ${value} = '${editionOf(view)}' where ${name} = '${editionName(view.name)}'`,
  ];
}
