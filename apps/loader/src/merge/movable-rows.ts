import type { Row } from '#contracts';

import type { Transaction } from '../transaction.js';
import { changedSets } from './changed-sets.js';
import type { Document } from './entries.js';
import { setTargetOf, targetOfRow, type OwnedTable } from './targets.js';
import type { Decision } from './versions.js';
import { add, type Writing } from './written.js';

interface MovableRow {
  readonly row: Row;
  readonly document: Document;
}

/** What a row carries that foreign keys may point to: it is no placeholder any more, and there again. */
const arrival = { _etl_placeholder: null, _etl_deleted_at: null };

/**
 * Children with ids of ET's own may move from one owner to another: all are written first, parents before children,
 * then what is gone is deleted, or marked where foreign keys point to it, children before parents.
 */
export async function writeMovable(
  { tx, now, written, referenced }: Writing,
  tables: readonly OwnedTable[],
  decisions: readonly Decision[],
): Promise<void> {
  const sets = tables
    .map((table) => ({ table, told: changedSets(table, decisions) }))
    .filter(({ told }) => told.length > 0);
  for (const { table, told } of sets) {
    const rows = await notHeldByNewer(tx, table, newest(table, told));
    const marks = referenced.has(table.name) ? arrival : {};
    const target = targetOfRow(table, [...table.columns.map(({ name }) => name), ...Object.keys(marks)]);
    for (const [runId, group] of Map.groupBy(rows, ({ document }) => document.runId)) {
      const given = group.map(({ row }) => ({ ...row, ...marks }));
      add(written, table.name, await tx.writer.upsert(target, given, { now, runId }));
    }
  }
  for (const { table, told } of sets.reverse()) {
    const target = setTargetOf(table);
    const kept = told.flatMap(({ document }) => (document.rows[table.name] ?? []).map(({ id }) => String(id)));
    for (const [runId, group] of Map.groupBy(told, ({ document }) => document.runId)) {
      const owners = group.map(({ key }) => key);
      const gone = referenced.has(table.name)
        ? await tx.writer.markOthers(target, owners, kept, { now, runId })
        : await tx.writer.deleteOthers(target, owners, kept);
      add(written, table.name, gone);
    }
  }
}

/** Of an id that several owners name, the row of the newest. */
function newest(table: OwnedTable, told: readonly { document: Document }[]): MovableRow[] {
  const rows = new Map<string, MovableRow>();
  for (const { document } of told) {
    for (const row of document.rows[table.name] ?? []) {
      const held = rows.get(String(row['id']));
      if (!held || document.version >= held.document.version) rows.set(String(row['id']), { row, document });
    }
  }
  return [...rows.values()];
}

/** An older answer of one owner must not take a row from another owner whose newer answer holds it. */
async function notHeldByNewer(tx: Transaction, table: OwnedTable, rows: readonly MovableRow[]): Promise<MovableRow[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ row }) => String(row['id']));
  const held = new Map((await tx.writer.owners(setTargetOf(table), table.entity, ids)).map((one) => [one.id, one]));
  return rows.filter(({ row, document }) => {
    const holder = held.get(String(row['id']));
    return !holder || holder.owner === String(row[table.owner]) || holder.version <= document.version;
  });
}
