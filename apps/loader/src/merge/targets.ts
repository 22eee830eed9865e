import { ownColumnsOf, tables, type Table } from '#contracts';

import { ledgerTables, type LedgerTable } from '../ledger-tables.js';
import type { SetTarget, Target } from './row-writer.js';

/** A table with those of its columns that are to be written. */
export function targetOf(table: LedgerTable | Table, includes: (column: string) => boolean = () => true): Target {
  const columns = table.columns.filter(({ name }) => includes(name));
  return { table: table.name, key: table.key, columns };
}

/** A table with the columns that its rows carry, be they ET's or the loader's own. */
export function targetOfRow(table: Table, names: readonly string[]): Target {
  const columns = [...table.columns, ...ownColumnsOf(table)].filter(({ name }) => names.includes(name));
  return { table: table.name, key: table.key, columns };
}

/** The same of one of the loader's own tables. */
export function ledgerTarget(
  name: (typeof ledgerTables)[number]['name'],
  includes?: (column: string) => boolean,
): Target {
  const table = ledgerTables.find((candidate) => candidate.name === name);
  if (!table) throw new Error(`the ledger has no ${name}`);
  return targetOf(table, includes);
}

/** A child table whose rows have an owner. */
export type OwnedTable = Table & { readonly owner: string };

export function isOwned(table: Table): table is OwnedTable {
  return table.owner !== undefined;
}

export function setTargetOf(table: OwnedTable): SetTarget {
  const owner = table.columns.find(({ name }) => name === table.owner);
  if (!owner) throw new Error(`${table.name} has no column ${table.owner}`);
  return { ...targetOf(table), owner };
}

/** Roots as sets of one row each. */
export function rootTargetOf(root: Table): SetTarget {
  const target = targetOf(root, (column) => column === 'id');
  const [owner] = target.columns;
  if (!owner) throw new Error(`${root.name} has no id`);
  return { ...target, owner };
}

export function tablesOfEntity(entity: Table['entity']): readonly Table[] {
  return tables.filter((table) => table.entity === entity);
}
