import { rootOf, type Entity, type Row } from '#contracts';

import type { Transaction } from '../transaction.js';
import { writeMovable } from './movable-rows.js';
import { changedSets } from './changed-sets.js';
import { distinctRows } from './distinct-rows.js';
import { add, type Written } from './written.js';
import { isOwned, setTargetOf, tablesOfEntity, targetOf, type OwnedTable } from './targets.js';
import { isTombstone, type Decision } from './versions.js';

/** Writes the rows of every changed document, parents first. The entries' version rows are locked. */
export async function writeRows(tx: Transaction, decisions: readonly Decision[], now: string): Promise<Written> {
  const written: Written = new Map();
  for (const [entity, own] of Map.groupBy(decisions, ({ entry }) => entry.entity)) {
    await writeRoots(tx, entity, own, now, written);
    const owned = tablesOfEntity(entity).filter(isOwned);
    for (const table of owned.filter(({ identity }) => identity)) await writeSets(tx, table, own, now, written);
    const movable = owned.filter(({ identity }) => !identity);
    if (movable.length > 0) await writeMovable(tx, movable, own, now, written);
    await markRoots(tx, entity, own, now, written);
  }
  return written;
}

/** The session's own answer and `/sessions/{id}` each carry some columns of one row; they are written together. */
async function writeRoots(
  tx: Transaction,
  entity: Entity,
  decisions: readonly Decision[],
  now: string,
  written: Written,
) {
  const root = rootOf(entity);
  const rows = decisions.flatMap(({ changed }) => {
    const [session, detail] = [changed.get('root'), changed.get('detail')];
    const [row, info] = [session?.rows[root.name]?.[0], detail?.rows[root.name]?.[0]];
    const runId = (session ?? detail)?.runId ?? '';
    return row || info ? [{ runId, row: row && info ? { ...row, ...info } : ((row ?? info) as Row) }] : [];
  });
  const alike = Map.groupBy(rows, ({ runId, row }) => `${runId} ${Object.keys(row).join()}`);
  for (const group of alike.values()) {
    const [{ runId, row }] = group as [(typeof rows)[number]];
    const target = targetOf(root, (column) => column in row);
    add(
      written,
      root.name,
      await tx.writer.upsert(
        target,
        group.map((one) => one.row),
        { now, runId },
      ),
    );
  }
}

async function writeSets(
  tx: Transaction,
  table: OwnedTable,
  decisions: readonly Decision[],
  now: string,
  written: Written,
) {
  const told = changedSets(table, decisions);
  for (const [runId, sets] of Map.groupBy(told, ({ document }) => document.runId)) {
    const owners = sets.map(({ key }) => key);
    const rows = sets.flatMap(({ document }) => distinctRows(table.key, document.rows[table.name] ?? []));
    add(written, table.name, await tx.writer.replaceSets(setTargetOf(table), owners, rows, { now, runId }));
  }
}

/** A root that was answered for is there again, though its content may be the one it had before it was marked. */
async function markRoots(
  tx: Transaction,
  entity: Entity,
  decisions: readonly Decision[],
  now: string,
  written: Written,
) {
  const target = targetOf(rootOf(entity));
  const answered = decisions.flatMap(({ entry, accepted, known }) => {
    const document = entry.documents.get('root');
    const deleted = isTombstone(document);
    return document && accepted.has('root') && (known || deleted) ? [{ key: entry.key, document, deleted }] : [];
  });
  for (const group of Map.groupBy(answered, ({ document, deleted }) => `${document.runId} ${deleted}`).values()) {
    const [{ document, deleted }] = group as [(typeof answered)[number]];
    const ids = group.map(({ key }) => key);
    add(written, target.table, await tx.writer.mark(target, ids, deleted, { now, runId: document.runId }));
  }
}
