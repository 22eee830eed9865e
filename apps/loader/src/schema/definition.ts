import { ownColumnsOf, tables, type ColumnType, type Table } from '#contracts';

import { ledgerTables } from '../ledger-tables.js';
import type { FoundIndex, FoundTable } from './catalog.js';

export interface StoredColumn {
  readonly name: string;
  readonly type: ColumnType | 'bytes';
}
export interface StoredIndex {
  readonly name: string;
  readonly columns: readonly string[];
}

/** A table as the database is to have it. */
export interface StoredTable {
  readonly name: string;
  /** True: the primary key is an `id` of the database's own making, and `columns` do not hold it. */
  readonly identity: boolean;
  readonly primaryKey: readonly string[];
  readonly columns: readonly StoredColumn[];
  readonly indexes: readonly StoredIndex[];
}

/** Every table of the warehouse and of the ledger, with the loader's own columns. */
export const storedTables: readonly StoredTable[] = [
  ...tables.map(warehouseTable),
  ...ledgerTables.map(({ name, key, indexes, columns }) => ({
    name,
    identity: false,
    primaryKey: key,
    columns,
    indexes: indexes.map((index: readonly string[]) => ({ name: `${name}_${index.join('_')}_ix`, columns: index })),
  })),
];

/** Unique keys of the original that let in too few rows: one comment a session, a summary's every text but once. */
const outdatedKeys: Readonly<Record<string, readonly string[]>> = {
  sessions_comments: ['session_id'],
  sessions_summaries: ['session_id', 'text'],
};

/** The constraints of an adopted table that are dropped in `SCHEMA_MODE=auto`: nothing else ever is. */
export function outdated(table: string, { indexes }: FoundTable): FoundIndex[] {
  const key = outdatedKeys[table];
  if (!key) return [];
  return indexes.filter(
    ({ kind, columns }) =>
      kind === 'unique' && columns.length === key.length && key.every((one) => columns.includes(one)),
  );
}

/** Natural keys get a plain index, owner first: nulls are equal there, which unique indexes do not know everywhere. */
function warehouseTable(table: Table): StoredTable {
  const { name, identity, owner, key } = table;
  const columns = [...table.columns, ...ownColumnsOf(table)];
  const natural = owner === undefined ? [...key] : [owner, ...key.filter((column) => column !== owner)];
  const byKey = identity ? [{ name: `${name}_key_ix`, columns: natural }] : [];
  const others = table.indexes.filter((column) => !identity || column !== natural[0]);
  return {
    name,
    identity,
    primaryKey: identity ? ['id'] : key,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    indexes: [...byKey, ...others.map((column) => ({ name: `${name}_${column}_ix`, columns: [column] }))],
  };
}
