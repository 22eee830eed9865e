import type { SetTarget, Target } from '../../merge/row-writer.js';
import type { Catalog, FoundColumn } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';

/** A column with the way its values travel: as the type that the database has for it, adopted tables included. */
export interface FittedColumn extends StoredColumn {
  /** The type by which JSON is unfolded. Texts have no length here: a cast would cut them in silence. */
  readonly unfolded: string;
  /** What to put round an unfolded value to store it, and round a stored one to compare it. */
  readonly stored: Wrapping;
  readonly compared: Wrapping;
  /** True where values that differ may become equal once they are stored. */
  readonly rounds: boolean;
}
type Wrapping = (value: string) => string;

export interface FittedTarget extends Target {
  readonly columns: readonly FittedColumn[];
}
export interface FittedSet extends FittedTarget {
  readonly owner: FittedColumn;
  /** True where rows may stand twice: the original's unique keys let nulls in as often as they came. */
  readonly repeats: boolean;
}

/** The types of own columns. Keys are compared by code point; an adopted column keeps its own collation. */
const ownTypes: Record<StoredColumn['type'], Pick<FoundColumn, 'type' | 'collation'>> = {
  int: { type: 'integer', collation: null },
  bigint: { type: 'bigint', collation: null },
  float: { type: 'double precision', collation: null },
  bool: { type: 'boolean', collation: null },
  text: { type: 'text', collation: null },
  key: { type: 'text', collation: 'C' },
  datetime: { type: 'timestamp', collation: null },
  json: { type: 'jsonb', collation: null },
  uuid: { type: 'uuid', collation: null },
  bytes: { type: 'bytea', collation: null },
};

/** Types whose values stay apart; a `timestamp` of fewer digits is none of them. */
const exact =
  /^(smallint|integer|bigint|double precision|boolean|uuid|text|character.*|timestamp(\(6\))?( without time zone)?)$/;
/** Of other collations some take texts as equal that differ, in case for example. */
const tellsApart: ReadonlySet<string | null> = new Set([null, 'default', 'C', 'POSIX']);
const asIs: Wrapping = (value) => value;

export function fittedTarget(target: Target, catalog: Catalog): FittedTarget {
  return { ...target, columns: target.columns.map((column) => fittedColumn(target.table, column, catalog)) };
}

export function fittedSet(target: SetTarget, catalog: Catalog): FittedSet {
  const unique = catalog.get(target.table)?.indexes.filter(({ kind }) => kind === 'unique') ?? [];
  return {
    ...fittedTarget(target, catalog),
    owner: fittedColumn(target.table, target.owner, catalog),
    repeats: unique.some(({ columns }) => columns.every((column) => target.key.includes(column))),
  };
}

function fittedColumn(table: string, column: StoredColumn, catalog: Catalog): FittedColumn {
  const { type, collation } = catalog.get(table)?.columns.get(column.name) ?? ownTypes[column.type];
  const rounds = !exact.test(type) || !tellsApart.has(collation);
  const plain = { ...column, stored: asIs, compared: asIs, rounds };
  if (column.type === 'bytes') return { ...plain, unfolded: 'text', stored: (value) => `decode(${value}, 'base64')` };
  // JSON travels as text, for a JSON string would stay a string.
  if (type === 'jsonb') return { ...plain, unfolded: 'text', stored: (value) => `${value}::jsonb` };
  // `json` keeps its text, and has no equality. Not as `jsonb`: what others stored may hold an escaped U+0000.
  if (type === 'json')
    return { ...plain, unfolded: 'text', stored: (value) => `${value}::json`, compared: (value) => `${value}::text` };
  if (!/^(text|character)/.test(type)) return { ...plain, unfolded: type };
  const collated = collation === null || collation === 'default' ? '' : ` collate "${collation}"`;
  return { ...plain, unfolded: `${/^character(\(|$)/.test(type) ? 'bpchar' : 'text'}${collated}` };
}
