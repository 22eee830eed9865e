import type { SetTarget, StoredRow, Target } from '../../merge/row-writer.js';
import type { Catalog, FoundColumn, FoundIndex } from '../../schema/catalog.js';
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
  /** The index by which the rows of an owner are found: statistics of a table just filled mislead the server. */
  readonly index: string | undefined;
  /** True where rows may stand twice: unique keys of the original let nulls in as often as they came. */
  readonly repeats: boolean;
}

export function fittedTarget(target: Target, catalog: Catalog): FittedTarget {
  return { ...target, columns: target.columns.map((column) => fittedColumn(target.table, column, catalog)) };
}

export function fittedSet(target: SetTarget, catalog: Catalog): FittedSet {
  const indexes = catalog.get(target.table)?.indexes ?? [];
  return {
    ...fittedTarget(target, catalog),
    owner: fittedColumn(target.table, target.owner, catalog),
    index: indexes
      .filter(({ columns: [first] }) => first === target.owner.name)
      .toSorted((a, b) => leading(b, target.key) - leading(a, target.key))[0]?.name,
    repeats: indexes.some(
      ({ kind, columns }) => kind === 'unique' && leading({ columns }, target.key) === columns.length,
    ),
  };
}

/** How many columns at the beginning of an index are of the key. */
function leading({ columns }: Pick<FoundIndex, 'columns'>, key: readonly string[]): number {
  const other = columns.findIndex((column) => !key.includes(column));
  return other === -1 ? columns.length : other;
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
