import { versionedName, type Document } from './entries.js';
import type { OwnedTable } from './targets.js';
import type { Decision } from './versions.js';

/** The owners whose document changed and tells about this table. A tombstone tells nothing of rows. */
export function changedSets(table: OwnedTable, decisions: readonly Decision[]): { key: string; document: Document }[] {
  const name = versionedName(table.document);
  return decisions.flatMap(({ entry: { key }, changed }) => {
    const document = changed.get(name);
    return document?.rows[table.name] ? [{ key, document }] : [];
  });
}
