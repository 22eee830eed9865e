import type { Entity, Row } from '#contracts';

import type { Transaction } from '../transaction.js';
import { changedSets } from './changed-sets.js';
import type { Document } from './entries.js';
import { setTargetOf, targetOfRow, type OwnedTable } from './targets.js';
import { forgetContent, type Decision } from './versions.js';
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
  entity: Entity,
  tables: readonly OwnedTable[],
  decisions: readonly Decision[],
): Promise<void> {
  const contested = new Set<string>();
  const sets = tables
    .map((table) => ({ table, told: changedSets(table, decisions) }))
    .filter(({ told }) => told.length > 0);
  for (const { table, told } of sets) {
    const rows = await settled(tx, table, told, contested);
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
  if (contested.size > 0) await forgetContent(tx, entity, contested);
}

type Told = readonly { readonly key: string; readonly document: Document }[];

/**
 * The rows to write: of those that several owners name the newest owner's, be the others told about now or before. An
 * owner that lost a row to another is contested: should the other give it up, the same answer has to bring it back.
 */
async function settled(tx: Transaction, table: OwnedTable, told: Told, contested: Set<string>): Promise<MovableRow[]> {
  const winners = newest(table, told, contested);
  if (winners.size === 0) return [];
  const held = await tx.writer.owners(setTargetOf(table), table.entity, [...winners.keys()]);
  const holders = new Map(held.map((one) => [one.id, one]));
  const tellers = new Set(told.map(({ key }) => key));
  return [...winners].flatMap(([id, winner]) => {
    const [owner, holder] = [String(winner.row[table.owner]), holders.get(id)];
    // An owner told about now has named the row too, or has given it up.
    if (!holder || holder.owner === owner || tellers.has(holder.owner)) return [winner];
    const isOlder = winner.document.version < holder.version;
    contested.add(isOlder ? owner : holder.owner);
    return isOlder ? [] : [winner];
  });
}

function newest(table: OwnedTable, told: Told, contested: Set<string>): Map<string, MovableRow> {
  const rows = new Map<string, MovableRow>();
  for (const { key, document } of told) {
    for (const row of document.rows[table.name] ?? []) {
      const held = rows.get(String(row['id']));
      const wins = !held || document.version >= held.document.version;
      if (held && held.document !== document) contested.add(wins ? String(held.row[table.owner]) : key);
      if (wins) rows.set(String(row['id']), { row, document });
    }
  }
  return rows;
}
