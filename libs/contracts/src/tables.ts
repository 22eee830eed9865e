import { conversations } from './conversation-tables.js';
import { dictionaryTables } from './dictionary-tables.js';
import type { Dictionary, SessionDocument } from './slices.js';

/**
 * How a value is kept. `key`: text of at most 255 characters that takes part in a key, compared by code point.
 * `datetime`: naive `YYYY-MM-DD HH:MM:SS[.ffffff]`. `json`: JSON text. `uuid`: lower-case text.
 */
export type ColumnType = 'int' | 'bigint' | 'float' | 'bool' | 'text' | 'key' | 'datetime' | 'json' | 'uuid';

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** Where the value comes from, as a path in ET's answer. */
  readonly source: string;
  readonly meaning: string;
  /** The table whose `id` this column names; own tables carry no foreign key, for ids may have no dictionary row. */
  readonly references?: string;
  /** True where it tells of persons or repeats what was said: a deleted conversation does not keep it. */
  readonly personal?: true;
}

/** The entity a table belongs to: rows of it are written by that entity's documents alone. */
export type Entity = 'session' | Dictionary;

export interface Table {
  readonly name: string;
  readonly entity: Entity;
  /** The document that owns the rows: `item` for dictionaries. `detail` owns no table, only `sessions.additional_info`. */
  readonly document: SessionDocument | 'item';
  readonly meaning: string;
  /** The natural key, nulls equal to nulls. A root's is `id`. */
  readonly key: readonly string[];
  /** For a child table: the column with the root's `id`. The rows of one owner are the set ET last gave. */
  readonly owner?: string;
  /** True where the table has an `id` column of the database's own making. */
  readonly identity: boolean;
  /** Columns that reports filter and join by, an index each. */
  readonly indexes: readonly string[];
  readonly columns: readonly Column[];
}

/** Columns the loader adds to every table. They are no part of a document's hash. */
const ownOfAll = [
  { name: '_etl_synced_at', type: 'datetime', source: '', meaning: 'When the loader last wrote this row, UTC' },
  { name: '_etl_run_id', type: 'key', source: '', meaning: 'The run that last wrote this row' },
] as const satisfies Column[];
/** The same of tables whose ids are ET's: other rows name these. */
const ownOfIds = [
  { name: '_etl_deleted_at', type: 'datetime', source: '', meaning: 'When ET was seen to have dropped it, UTC' },
  {
    name: '_etl_placeholder',
    type: 'bool',
    source: '',
    meaning: 'True: only the id is known yet, which a foreign key of an adopted database needed',
  },
] as const satisfies Column[];

/** The loader's own columns of a table: they follow those of the specification, and ET knows nothing of them. */
export function ownColumnsOf({ identity }: Pick<Table, 'identity'>): readonly Column[] {
  return identity ? ownOfAll : [...ownOfAll, ...ownOfIds];
}

/** Every table of the warehouse, parents before children: the order of locks and of writing. */
export const tables: readonly Table[] = [...dictionaryTables, ...conversations];

const roots = new Map(tables.filter(({ owner }) => owner === undefined).map((table) => [table.entity, table]));
const byDocument = Map.groupBy(tables, ({ entity, document }) => `${entity} ${document}`);

/** The root table of an entity: the one without an owner. */
export function rootOf(entity: Entity): Table {
  const root = roots.get(entity);
  if (!root) throw new Error(`no root table for ${entity}`);
  return root;
}

/** The tables a document writes, parents first. */
export function tablesOf(entity: Entity, document: Table['document']): readonly Table[] {
  return byDocument.get(`${entity} ${document}`) ?? [];
}
