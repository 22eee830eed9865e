import { tablesOf, type Column, type ColumnType, type Entity, type Table } from '#contracts';

import { notKept } from './not-kept.js';

/** Where one column's value is found: in which object on the way from the record to the row, and under which field. */
export interface ColumnPlan {
  readonly name: string;
  readonly type: ColumnType;
  readonly depth: number;
  readonly field: string;
  readonly path: string;
  /** Holds the key of the record that owns the row, whatever ET repeats there. */
  readonly owner: boolean;
  readonly required: boolean;
}

export interface TablePlan {
  readonly name: string;
  /** The natural key without the owner, which is the same in all rows of a record. */
  readonly key: readonly string[];
  readonly columns: readonly ColumnPlan[];
}

/** One kind of object in ET's answers: a record, or the elements of a list within one. */
export interface Level {
  readonly path: string;
  /** The parent's field that holds the list of these objects; empty for the record itself. */
  readonly field: string;
  readonly known: ReadonlySet<string>;
  /** Tables with one row for each of these objects. */
  readonly tables: readonly TablePlan[];
  readonly levels: readonly Level[];
}

interface Place {
  readonly lists: readonly string[];
  readonly field: string;
}

/**
 * Turns the `source` paths of a document's tables into a tree that follows the nesting of ET's answer, so that a new
 * column is one line in the specification.
 * @param path what the record is called in reasons and names of unknown fields
 * @param prefix the part of the sources that leads to the record, `[].` for documents that are lists
 */
export function shapeOf(entity: Entity, document: Table['document'], path: string, prefix = ''): Level {
  const tables = tablesOf(entity, document).map((table) => ({
    table,
    places: table.columns.map((column) => placeOf(column, prefix)),
  }));

  const level = (lists: readonly string[]): Level => {
    const depth = lists.length;
    const here = [path, ...lists.map((list) => `${list}[]`)].join('.');
    const below = tables.flatMap(({ places }) => places).filter((place) => startsWith(place.lists, lists));
    const next = new Set(below.flatMap((place) => place.lists[depth] ?? []));
    const fields = below.filter((place) => place.lists.length === depth).map((place) => place.field);
    return {
      path: here,
      field: lists.at(-1) ?? '',
      known: new Set([...fields, ...next, ...(notKept[here] ?? [])]),
      tables: tables
        .filter(({ places }) => sameLists(deepest(places), lists))
        .map((each) => planOf(each.table, each.places, path)),
      levels: [...next].map((list) => level([...lists, list])),
    };
  };
  return level([]);
}

/** The same shape with some of its record's columns only; the others stay known. */
export function withColumns(level: Level, kept: (name: string) => boolean): Level {
  const tables = level.tables.map((table) => ({ ...table, columns: table.columns.filter(({ name }) => kept(name)) }));
  return { ...level, tables };
}

function planOf(table: Table, places: readonly Place[], path: string): TablePlan {
  const owner = table.owner ?? 'id';
  return {
    name: table.name,
    key: table.key.filter((name) => name !== owner),
    columns: table.columns.map((column, index) => {
      const { lists, field } = places[index] ?? placeOf(column, '');
      return {
        name: column.name,
        type: column.type,
        depth: lists.length,
        field,
        path: [path, ...lists.map((list) => `${list}[]`), field].join('.'),
        owner: column.name === owner,
        required: !table.identity && table.key.includes(column.name),
      };
    }),
  };
}

/** `tags[].match[].score` is the field `score` below the lists `tags` and `match`. `items[]` and `items[].*` name no field: the column does. */
function placeOf(column: Column, prefix: string): Place {
  const steps = column.source.slice(column.source.startsWith(prefix) ? prefix.length : 0).split('.');
  const last = steps.pop() ?? '';
  return {
    lists: steps.map((step) => step.replace('[]', '')),
    field: last === '*' || last.endsWith('[]') ? column.name : last,
  };
}

function deepest(places: readonly Place[]): readonly string[] {
  return places.reduce<readonly string[]>(
    (lists, place) => (place.lists.length > lists.length ? place.lists : lists),
    [],
  );
}

function startsWith(lists: readonly string[], start: readonly string[]): boolean {
  return start.every((list, index) => lists[index] === list);
}

function sameLists(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && startsWith(one, other);
}
