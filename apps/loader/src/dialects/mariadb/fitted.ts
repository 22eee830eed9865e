import type { SetTarget, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog, FoundColumn } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';
import { ownTypes } from './own-types.js';

/** A column with the type that the database has for it, adopted tables included. */
export interface FittedColumn extends StoredColumn {
  readonly found: Pick<FoundColumn, 'type' | 'collation'>;
}
export interface FittedTarget extends Target {
  readonly columns: readonly FittedColumn[];
}
export interface FittedSet extends FittedTarget {
  readonly owner: FittedColumn;
  /** True where rows may stand twice: unique keys of the original let nulls in as often as they came. */
  readonly repeats: boolean;
}

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

/**
 * Whether keys that differ as they were sent differ in the database too: not where a collation leaves case or marks
 * out, where blanks at the end do not count, or where fractions of a second are cut off.
 */
export function staysDistinct({ columns, key }: FittedTarget, rows: readonly StoredRow[]): boolean {
  return columns
    .filter(({ name }) => key.includes(name))
    .every(({ name, type, found }) => {
      if (type === 'datetime') return found.type === 'datetime(6)';
      if (type !== 'key' && type !== 'text') return true;
      return /_bin$/.test(found.collation ?? '') && !rows.some((row) => String(row[name]).endsWith(' '));
    });
}

function fittedColumn(table: string, column: StoredColumn, catalog: Catalog): FittedColumn {
  return { ...column, found: catalog.get(table)?.columns.get(column.name) ?? ownTypes[column.type] };
}
