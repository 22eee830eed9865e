import type { Catalog, FoundColumn } from '../schema/catalog.js';
import type { RowWriter, StoredRow, Target } from './row-writer.js';

/** Columns of 32 characters hold UUIDs without hyphens: SQLAlchemy makes them where a database has no such type. */
export function holdsBareUuids(column: FoundColumn | undefined): boolean {
  return /char\w*\s*\(\s*32\s*\)/i.test(column?.type ?? '');
}

/** A writer that gives such columns of adopted tables what they hold; where there are none, the writer itself. */
export function withBareUuids(writer: RowWriter, catalog: Catalog): RowWriter {
  const bareOf = (target: Target): string[] => {
    const found = catalog.get(target.table)?.columns;
    return target.columns.flatMap(({ name, type }) =>
      type === 'uuid' && holdsBareUuids(found?.get(name)) ? [name] : [],
    );
  };
  const rowsOf = (target: Target, rows: readonly StoredRow[]): readonly StoredRow[] => {
    const bare = bareOf(target);
    if (bare.length === 0) return rows;
    return rows.map((row) => ({
      ...row,
      ...Object.fromEntries(bare.map((name) => [name, withoutHyphens(row[name])])),
    }));
  };
  const idsOf = (target: Target, column: string, ids: readonly string[]): readonly string[] =>
    bareOf(target).includes(column) ? ids.map((id) => id.replaceAll('-', '')) : ids;
  return {
    ...writer,
    insertMissing: (target, rows) => writer.insertMissing(target, rowsOf(target, rows)),
    upsert: (target, rows, stamp) => writer.upsert(target, rowsOf(target, rows), stamp),
    replaceSets: (target, owners, rows, stamp) =>
      writer.replaceSets(target, idsOf(target, target.owner.name, owners), rowsOf(target, rows), stamp),
    deleteSets: (target, owners) => writer.deleteSets(target, idsOf(target, target.owner.name, owners)),
    blank: (target, owners, columns, stamp) =>
      writer.blank(target, idsOf(target, target.owner.name, owners), columns, stamp),
    mark: (target, ids, deleted, stamp) => writer.mark(target, idsOf(target, 'id', ids), deleted, stamp),
  };
}

function withoutHyphens(value: StoredRow[string] | undefined): StoredRow[string] {
  return typeof value === 'string' ? value.replaceAll('-', '') : (value ?? null);
}
