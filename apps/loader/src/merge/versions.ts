import { ledgerTables, versionedDocuments, TOMBSTONE } from '../ledger-tables.js';
import type { Transaction } from '../transaction.js';
import type { Document, EditionName, Entry } from './entries.js';
import type { StoredRow, Target } from './row-writer.js';
import { supersedes, type Edition } from './rule.js';
import { targetOf } from './targets.js';

/** What is to be done about one entry. */
export interface Decision {
  readonly entry: Entry;
  /** False where the key was not known before. */
  readonly known: boolean;
  /** Documents that are newer than those stored; their versions are stored. */
  readonly accepted: ReadonlySet<string>;
  /** Of these, the ones whose content differs; their rows are written. */
  readonly changed: ReadonlyMap<string, Document>;
}

const names: readonly EditionName[] = [...versionedDocuments, 'listed'];
const table = ledgerTables.find(({ name }) => name === 'etl_versions');

/**
 * Locks the version rows of all entries, in the order of their keys, decides, and stores the versions accepted.
 * Whoever holds these locks may write the entries' rows. Entries are sorted and distinct.
 */
export async function decideVersions({ writer }: Transaction, entries: readonly Entry[]): Promise<Decision[]> {
  const told = names.filter((name) => entries.some(({ documents }) => documents.has(name)));
  const target = versionsTarget(told);
  const added = await writer.insertMissing(
    target,
    entries.map((entry) => versionRow(entry, told, null)),
  );
  const isNew = new Set(added.map(idOf));
  const known = entries.filter(({ id }) => !isNew.has(id));
  const rows =
    known.length === 0
      ? []
      : await writer.lock(
          target,
          known.map(({ entity, key }) => ({ entity, key })),
        );
  const stored = new Map(rows.map((row) => [idOf(row), row]));
  const decisions = entries.map((entry) => decide(entry, stored.get(entry.id) ?? null));
  const moved = decisions.filter((decision) => decision.known && decision.accepted.size > 0);
  if (moved.length > 0) {
    const next = moved.map(({ entry, accepted }) => versionRow(entry, told, stored.get(entry.id) ?? null, accepted));
    await writer.upsert(target, next, null);
  }
  return decisions;
}

/** Pure: which documents of an entry are newer than the stored row, and which of these differ. */
export function decide(entry: Entry, stored: StoredRow | null): Decision {
  const accepted = new Set<string>();
  const changed = new Map<string, Document>();
  for (const [name, document] of entry.documents) {
    const before = stored && editionOf(stored, name);
    if (!supersedes(document, before)) continue;
    accepted.add(name);
    if (name !== 'listed' && document.hash !== before?.hash) changed.set(name, document);
  }
  return { entry, known: stored !== null, accepted, changed };
}

export function isTombstone(document: Document | undefined): boolean {
  return document?.hash === TOMBSTONE;
}

function versionsTarget(told: readonly EditionName[]): Target {
  if (!table) throw new Error('the ledger has no etl_versions');
  return targetOf(
    table,
    (column) => table.key.includes(column) || told.some((name) => columnsOf(name).includes(column)),
  );
}

function versionRow(
  { entity, key, documents }: Entry,
  told: readonly EditionName[],
  stored: StoredRow | null,
  accepted?: ReadonlySet<string>,
): StoredRow {
  const row: StoredRow = { entity, key };
  for (const name of told) {
    const [version, hash] = columnsOf(name);
    const document = accepted && !accepted.has(name) ? undefined : documents.get(name);
    row[version] = document?.version ?? stored?.[version] ?? null;
    row[hash] = document ? document.hash || null : (stored?.[hash] ?? null);
  }
  return row;
}

function editionOf(stored: StoredRow, name: string): Edition | null {
  const [version, hash] = columnsOf(name);
  const number = stored[version] ?? null;
  return number === null ? null : { version: Number(number), hash: String(stored[hash] ?? '') };
}

function columnsOf(name: string): readonly [version: string, hash: string] {
  return [`${name}_version`, name === 'listed' ? 'listed_day' : `${name}_hash`];
}

function idOf({ entity, key }: StoredRow): string {
  return `${entity} ${key}`;
}
