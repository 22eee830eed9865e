import { tables, type Entity, type Row } from '#contracts';

import type { Catalog } from '../schema/catalog.js';
import { isOwned, tablesOfEntity, targetOfRow } from './targets.js';
import type { Decision } from './versions.js';
import { add, type Writing } from './written.js';

/** Tables that foreign keys of an adopted database point to; own tables have none. */
export function referencedTables(catalog: Catalog): ReadonlySet<string> {
  return new Set([...catalog.values()].flatMap(({ foreignKeys }) => foreignKeys.map(({ references }) => references)));
}

/** Of these, the ones that other tables point to than the children of the entity. */
export function referencedFromOutside(catalog: Catalog, entity: Entity): ReadonlySet<string> {
  const children = tablesOfEntity(entity).filter(isOwned);
  return referencedTables(new Map([...catalog].filter(([name]) => !children.some((child) => child.name === name))));
}

/**
 * Puts every row there that foreign keys of the rows to be written need, by its id alone, in the order in which rows
 * are locked everywhere. What ET says of it comes with its own document, earlier or later.
 */
export async function insertPlaceholders({ tx, written }: Writing, decisions: readonly Decision[]): Promise<void> {
  const needed = neededIds(tx.catalog, decisions);
  for (const table of tables.filter(({ identity }) => !identity)) {
    const ids = [...(needed.get(table.name) ?? [])].sort((a, b) => (a < b ? -1 : 1));
    if (ids.length === 0) continue;
    const rows = ids.map((id) => ({ id, _etl_placeholder: true }));
    const added = await tx.writer.insertMissing(targetOfRow(table, ['id', '_etl_placeholder']), rows);
    add(written, table.name, added.length);
  }
}

/** The ids that rows to be written name, by table, except of owners whose own row is written just before theirs. */
export function neededIds(catalog: Catalog, decisions: readonly Decision[]): Map<string, Set<string | number>> {
  const needed = new Map<string, Set<string | number>>();
  for (const { name, owner } of tables) {
    for (const { column, references } of catalog.get(name)?.foreignKeys ?? []) {
      const ids = needed.get(references) ?? new Set();
      needed.set(references, ids);
      for (const { changed } of decisions) {
        if (column === owner && changed.get('root')?.rows[references]) continue;
        for (const row of [...changed.values()].flatMap(({ rows }) => rows[name] ?? [])) addId(ids, row[column]);
      }
    }
  }
  return needed;
}

function addId(ids: Set<string | number>, id: Row[string] | undefined): void {
  if (typeof id === 'string' || typeof id === 'number') ids.add(id);
}
