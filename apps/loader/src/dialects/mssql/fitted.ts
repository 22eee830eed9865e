import type { SetTarget, Target } from '../../merge/row-writer.js';
import type { Catalog } from '../../schema/catalog.js';
import type { StoredColumn } from '../../schema/definition.js';
import { ownType } from './column-types.js';
import { quote } from './quote.js';

/** A column with the way its values travel: into a staged table of the very type that the database has for it. */
export interface FittedColumn extends StoredColumn {
  /** The type of the column in the database, collation included. */
  readonly stored: string;
  /** The type in which the driver sends it. It neither cuts nor rounds: the database converts, and complains. */
  readonly sent: string;
  /** What to put round a value so that two are equal only where nothing can tell them apart. */
  readonly compared: (value: string) => string;
  /** True where values that were sent as different ones may be equal in the database. */
  readonly rounds: boolean;
}

/** A table by its schema and name, with its columns. */
export interface FittedTarget extends Target {
  readonly name: string;
  /** The hint to put behind the name in statements that find rows by their key, or those of a set by its owner. */
  readonly seek: string;
  readonly columns: readonly FittedColumn[];
}
export interface FittedSet extends FittedTarget {
  readonly owner: FittedColumn;
}

const asIs = (value: string) => value;
/** By code point, blanks at the end included, which comparing ignores under every collation. */
const exactly = (value: string) => `${value} + N'.' collate Latin1_General_100_BIN2`;

export function fittedTarget(schema: string, target: Target, catalog: Catalog): FittedTarget {
  const columns = target.columns.map((column) => fittedColumn(target.table, column, catalog));
  const seek = seekHint(target.key, target.table, catalog);
  return { ...target, name: `${quote(schema)}.${quote(target.table)}`, seek, columns };
}

export function fittedSet(schema: string, target: SetTarget, catalog: Catalog): FittedSet {
  const owner = fittedColumn(target.table, target.owner, catalog);
  return { ...fittedTarget(schema, target, catalog), seek: seekHint([owner.name], target.table, catalog), owner };
}

/**
 * A small table is cheaper to scan, but a scan waits for rows that other loaders have locked, and two that scan wait
 * for each other. The hint is an error where no index serves, so only what the catalog holds counts.
 */
function seekHint(key: readonly string[], table: string, catalog: Catalog): string {
  const indexes = catalog.get(table)?.indexes ?? [];
  return indexes.some(({ columns: [first = ''] }) => key.includes(first)) ? ' with (forceseek)' : '';
}

function fittedColumn(table: string, column: StoredColumn, catalog: Catalog): FittedColumn {
  const found = catalog.get(table)?.columns.get(column.name);
  const stored = found ? `${found.type}${found.collation ? ` collate ${found.collation}` : ''}` : ownType(column);
  const isText = /^(n?(var)?char|n?text)/.test(stored);
  return {
    ...column,
    stored,
    sent: sentType(column, stored),
    compared: isText ? exactly : asIs,
    rounds: isText || /^(smalldatetime|datetime\b|datetime2\([0-5]\)|date\b|real)/.test(stored),
  };
}

/** Types that hold whatever a message may hold; those of the loader's own tables are sent as they are stored. */
function sentType({ type, name }: StoredColumn, stored: string): string {
  switch (type) {
    case 'key':
      return ownType({ type, name }).replace(/ collate .*/, '');
    case 'datetime':
      return stored === 'datetime2(6)' ? stored : 'datetime2(7)';
    case 'uuid':
      return stored === 'uniqueidentifier' ? stored : 'nvarchar(36)';
    default:
      return ownType({ type, name });
  }
}
