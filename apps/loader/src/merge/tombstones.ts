import type { DeleteMode } from '#config';
import { rootOf, type Table } from '#contracts';

import { versionedDocuments } from '../ledger-tables.js';
import { versionedName } from './entries.js';
import { referencedFromOutside } from './foreign-keys.js';
import type { SetTarget, Stamp } from './row-writer.js';
import { standingKeys } from './standing-keys.js';
import { isOwned, rootTargetOf, setTargetOf, tablesOfEntity, type OwnedTable } from './targets.js';
import { isTombstone, type Decision } from './versions.js';
import { add, type Writing } from './written.js';

/** What becomes of the rows of sessions that ET no longer has. */
export interface DeleteChoice {
  readonly mode: DeleteMode;
  /** Rows that stay keep what is personal. */
  readonly keepTexts: boolean;
}

const root = rootOf('session');
const children = tablesOfEntity('session').filter(isOwned);
/** The column that another document than the session's own answer may own. */
const OF_DETAIL = 'additional_info';

/**
 * Removes or blanks the rows of every document that a tombstone is newer than, children first. Returns the decisions
 * about sessions whose own row is still to be marked, as deleted or as there again.
 */
export async function dropSessions(writing: Writing, decisions: readonly Decision[]): Promise<readonly Decision[]> {
  const { mode, keepTexts } = writing.deletes;
  if (mode === 'ignore') return decisions.filter(({ gone }) => !gone.has('root'));
  const told = decisions.filter(({ changed }) => [...changed.values()].some(isTombstone));
  if (told.length === 0) return decisions;
  const outside = referencedFromOutside(writing.tx.catalog, 'session');
  const removes = ({ name }: Table) => mode === 'remove' && !outside.has(name);
  const removed = new Set(removes(root) ? told.filter(isGoneWhole) : []);
  for (const table of children) {
    const document = versionedName(table.document);
    const some = told.filter((one) => removed.has(one) || isTombstone(one.changed.get(document)));
    if (removes(table)) await removeRows(writing, setTargetOf(table), some);
    else if (!keepTexts) await blankSets(writing, table, some);
  }
  await removeRows(writing, rootTargetOf(root), [...removed]);
  const left = decisions.filter((one) => !removed.has(one));
  if (!keepTexts) await blankRoots(writing, left);
  return left;
}

/** A document that is newer than the tombstone stays, and so does the row that it hangs on. */
function isGoneWhole({ gone }: Decision): boolean {
  return versionedDocuments.every((name) => gone.has(name));
}

/** Rows whose unique key holds a text go: without it they could not be told apart. */
async function blankSets(writing: Writing, table: OwnedTable, decisions: readonly Decision[]): Promise<void> {
  const columns = personalOf(table);
  const isKey = standingKeys(table, writing.tx.catalog.get(table.name)).some((key) =>
    key.some((column) => columns.includes(column)),
  );
  if (isKey) await removeRows(writing, setTargetOf(table), decisions);
  else await blankRows(writing, setTargetOf(table), columns, decisions);
}

async function blankRoots(writing: Writing, decisions: readonly Decision[]): Promise<void> {
  const alike = Map.groupBy(decisions, (one) => blankedColumns(one).join());
  for (const some of alike.values()) {
    const [first] = some as [Decision];
    await blankRows(writing, rootTargetOf(root), blankedColumns(first), some);
  }
}

/** Pure: what a tombstone takes from the session's own row. */
export function blankedColumns({ changed, gone }: Decision): string[] {
  const isSession = isTombstone(changed.get('root'));
  const isDetail = gone.has('detail') && (isSession || isTombstone(changed.get('detail')));
  return personalOf(root).filter((name) => (name === OF_DETAIL ? isDetail : isSession));
}

function personalOf({ columns }: Table): string[] {
  return columns.filter(({ personal }) => personal).map(({ name }) => name);
}

async function removeRows({ tx, written }: Writing, target: SetTarget, decisions: readonly Decision[]): Promise<void> {
  if (decisions.length === 0) return;
  add(written, target.table, await tx.writer.deleteSets(target, keysOf(decisions)));
}

async function blankRows(
  { tx, now, written }: Writing,
  target: SetTarget,
  columns: readonly string[],
  decisions: readonly Decision[],
): Promise<void> {
  if (columns.length === 0) return;
  for (const [runId, some] of Map.groupBy(decisions, runOf)) {
    const stamp: Stamp = { now, runId };
    add(written, target.table, await tx.writer.blank(target, keysOf(some), columns, stamp));
  }
}

function keysOf(decisions: readonly Decision[]): string[] {
  return decisions.map(({ entry }) => entry.key);
}

function runOf({ changed }: Decision): string {
  return [...changed.values()].find(isTombstone)?.runId ?? '';
}
