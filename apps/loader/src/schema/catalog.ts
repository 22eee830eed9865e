import type { Transaction } from '../transaction.js';
import type { Grammar } from './grammar.js';

/** A column as the database has it. */
export interface FoundColumn {
  readonly name: string;
  /** As a definition says it, length and precision included: `nvarchar(255)`, `timestamp(6) without time zone`. */
  readonly type: string;
  /** Null where the type has none. */
  readonly collation: string | null;
}
export interface FoundIndex {
  readonly name: string;
  readonly columns: readonly string[];
  readonly kind: 'primary' | 'unique' | 'plain';
}
export interface FoundForeignKey {
  readonly column: string;
  /** The table it points to, by its `id`. */
  readonly references: string;
}
export interface FoundTable {
  readonly columns: ReadonlyMap<string, FoundColumn>;
  readonly indexes: readonly FoundIndex[];
  readonly foreignKeys: readonly FoundForeignKey[];
}

/** What a database holds now, by table: adopted ones may differ from the specification in types, keys and indexes. */
export type Catalog = ReadonlyMap<string, FoundTable>;

/** Rows as the catalog queries of a dialect give them. */
export interface ColumnRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly type: string;
  readonly collation: string | null;
}
export interface IndexRow {
  readonly table_name: string;
  readonly index_name: string;
  readonly column_name: string;
  readonly kind: FoundIndex['kind'];
}
export interface ForeignKeyRow {
  readonly table_name: string;
  readonly column_name: string;
  readonly referenced_table: string;
}

export async function readCatalog({ query }: Transaction, { catalog }: Grammar): Promise<Catalog> {
  const columns = await query<ColumnRow>(catalog.columns);
  const indexes = await query<IndexRow>(catalog.indexes);
  const foreignKeys = await query<ForeignKeyRow>(catalog.foreignKeys);
  return catalogOf(columns, indexes, foreignKeys);
}

/** Groups the rows by table; columns of an index come in its order. */
export function catalogOf(
  columns: readonly ColumnRow[],
  indexes: readonly IndexRow[],
  foreignKeys: readonly ForeignKeyRow[],
): Catalog {
  const indexesOf = Map.groupBy(indexes, ({ table_name }) => table_name);
  const foreignKeysOf = Map.groupBy(foreignKeys, ({ table_name }) => table_name);
  return new Map(
    [...Map.groupBy(columns, ({ table_name }) => table_name)].map(([table, own]) => [
      table,
      {
        columns: new Map(
          own.map(({ column_name, type, collation }) => [column_name, { name: column_name, type, collation }]),
        ),
        indexes: [...Map.groupBy(indexesOf.get(table) ?? [], ({ index_name }) => index_name)].map(([name, parts]) => ({
          name,
          columns: parts.map(({ column_name }) => column_name),
          kind: parts[0]?.kind ?? 'plain',
        })),
        foreignKeys: (foreignKeysOf.get(table) ?? []).map(({ column_name, referenced_table }) => ({
          column: column_name,
          references: referenced_table,
        })),
      },
    ]),
  );
}
