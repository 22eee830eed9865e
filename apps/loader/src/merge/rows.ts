import { rootOf, tables, type Entity, type Row } from '#contracts';

import type { Transaction } from '../transaction.js';
import { changedSets } from './changed-sets.js';
import { insertPlaceholders, referencedTables } from './foreign-keys.js';
import { writeMovable } from './movable-rows.js';
import { standingKeys, storableRows } from './standing-keys.js';
import { isOwned, setTargetOf, tablesOfEntity, targetOf, targetOfRow, type OwnedTable } from './targets.js';
import type { Decision } from './versions.js';
import { dropSessions, type DeleteChoice } from './tombstones.js';
import { add, type Writing, type Written } from './written.js';

const entities = [...new Set(tables.map(({ entity }) => entity))];

/** Writes the rows of every changed document, parents first. The entries' version rows are locked. */
export async function writeRows(
  tx: Transaction,
  decisions: readonly Decision[],
  now: string,
  deletes: DeleteChoice,
): Promise<Written> {
  const writing: Writing = { tx, now, written: new Map(), referenced: referencedTables(tx.catalog), deletes };
  if (writing.referenced.size > 0) await insertPlaceholders(writing, decisions);
  for (const entity of entities) {
    const own = decisions.filter(({ entry }) => entry.entity === entity);
    if (own.length === 0) continue;
    await writeRoots(writing, entity, own);
    const owned = tablesOfEntity(entity).filter(isOwned);
    for (const table of owned.filter(({ identity }) => identity)) await writeSets(writing, table, own);
    const movable = owned.filter(({ identity }) => !identity);
    if (movable.length > 0) await writeMovable(writing, entity, movable, own);
    await markRoots(writing, entity, entity === 'session' ? await dropSessions(writing, own) : own);
  }
  return writing.written;
}

/** The session's own answer and `/sessions/{id}` each carry some columns of one row; they are written together. */
async function writeRoots({ tx, now, written, referenced }: Writing, entity: Entity, decisions: readonly Decision[]) {
  const root = rootOf(entity);
  const arrived = (row: Row): Row => (referenced.has(root.name) ? { ...row, _etl_placeholder: null } : row);
  const rows = decisions.flatMap(({ changed }) => {
    const [session, detail] = [changed.get('root'), changed.get('detail')];
    const [row, info] = [session?.rows[root.name]?.[0], detail?.rows[root.name]?.[0]];
    const runId = (session ?? detail)?.runId ?? '';
    if (row) return [{ runId, row: arrived(info ? { ...row, ...info } : row) }];
    return info ? [{ runId, row: info }] : [];
  });
  const alike = Map.groupBy(rows, ({ runId, row }) => `${runId} ${Object.keys(row).join()}`);
  for (const group of alike.values()) {
    const [{ runId, row }] = group as [(typeof rows)[number]];
    const target = targetOfRow(root, Object.keys(row));
    const given = group.map((one) => one.row);
    add(written, root.name, await tx.writer.upsert(target, given, { now, runId }));
  }
}

async function writeSets({ tx, now, written }: Writing, table: OwnedTable, decisions: readonly Decision[]) {
  const told = changedSets(table, decisions);
  const standing = standingKeys(table, tx.catalog.get(table.name));
  const target = { ...setTargetOf(table), key: standing[0] ?? table.key };
  for (const [runId, sets] of Map.groupBy(told, ({ document }) => document.runId)) {
    const owners = sets.map(({ key }) => key);
    const rows = sets.flatMap(({ document }) => storableRows(table, standing, document.rows[table.name] ?? []));
    add(written, table.name, await tx.writer.replaceSets(target, owners, rows, { now, runId }));
  }
}

/**
 * A root that was answered for is there again, though its content may be the one it had before it was marked. One that
 * is gone is marked, be it made this moment by a detail that is newer.
 */
async function markRoots({ tx, now, written }: Writing, entity: Entity, decisions: readonly Decision[]) {
  const target = targetOf(rootOf(entity));
  const answered = decisions.flatMap(({ entry, accepted, changed, known, gone }) => {
    const deleted = gone.has('root');
    const document = accepted.has('root') ? entry.documents.get('root') : deleted && changed.get('detail');
    return document && (known || deleted) ? [{ key: entry.key, document, deleted }] : [];
  });
  for (const group of Map.groupBy(answered, ({ document, deleted }) => `${document.runId} ${deleted}`).values()) {
    const [{ document, deleted }] = group as [(typeof answered)[number]];
    const ids = group.map(({ key }) => key);
    add(written, target.table, await tx.writer.mark(target, ids, deleted, { now, runId: document.runId }));
  }
}
