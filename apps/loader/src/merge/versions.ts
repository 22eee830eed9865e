import type { Entity } from '#contracts';

import { versionedDocuments, TOMBSTONE } from '../ledger-tables.js';
import type { Transaction } from '../transaction.js';
import type { Document, EditionName, Entry } from './entries.js';
import type { StoredRow, Target } from './row-writer.js';
import { supersedes, type Edition } from './rule.js';
import { ledgerTarget } from './targets.js';

/** What is to be done about one entry. */
export interface Decision {
  readonly entry: Entry;
  /** False where the key was not known before. */
  readonly known: boolean;
  /** Documents that are newer than those stored; their versions are stored. */
  readonly accepted: ReadonlySet<string>;
  /** Of these, the ones whose content differs; their rows are written. */
  readonly changed: ReadonlyMap<string, Document>;
  /** Documents whose newest edition is a tombstone now, accepted or stored before. */
  readonly gone: ReadonlySet<string>;
}

/** A document's name, and the columns that keep its version and hash. */
interface Kept {
  readonly name: EditionName;
  readonly version: string;
  readonly hash: string;
}

const kept: readonly Kept[] = [
  ...versionedDocuments.map((name) => ({ name, version: `${name}_version`, hash: `${name}_hash` })),
  { name: 'listed', version: 'listed_version', hash: 'listed_day' },
];

/**
 * Locks the version rows of all entries, in the order of their keys, decides, and stores the versions accepted.
 * Whoever holds these locks may write the entries' rows. Entries are sorted and distinct.
 */
export async function decideVersions({ writer }: Transaction, entries: readonly Entry[]): Promise<Decision[]> {
  const isTold = (name: EditionName) => entries.some(({ documents }) => documents.has(name));
  // A detail may come alone, and its row is the root's.
  const told = kept.filter(({ name }) => isTold(name) || (name === 'root' && isTold('detail')));
  const target = versionsTarget(told);
  const claimed = await writer.claim(
    target,
    entries.map((entry) => versionRow(entry, told, null)),
  );
  const stored = new Map(claimed.map((row) => [idOf(row), row]));
  const decisions = entries.map((entry) => decide(entry, stored.get(entry.id) ?? null));
  const moved = decisions.filter((decision) => decision.known && decision.accepted.size > 0);
  if (moved.length > 0) {
    const next = moved.map(({ entry, accepted }) => versionRow(entry, told, stored.get(entry.id) ?? null, accepted));
    await writer.upsert(target, next, null);
  }
  return decisions;
}

/** Whatever answer comes next about these dictionary items counts as changed. The caller holds their locks. */
export async function forgetContent({ writer }: Transaction, entity: Entity, keys: Iterable<string>): Promise<void> {
  const target = ledgerTarget('etl_versions', (column) => ['entity', 'key', 'root_hash'].includes(column));
  const rows = [...keys].sort().map((key) => ({ entity, key, root_hash: null }));
  await writer.upsert(target, rows, null);
}

/** Pure: which documents of an entry are newer than the stored row, and which of these differ. */
export function decide(entry: Entry, stored: StoredRow | null): Decision {
  const accepted = new Set<string>();
  const changed = new Map<string, Document>();
  const gone = new Set<string>();
  for (const one of kept) {
    const { name } = one;
    const document = entry.documents.get(name);
    const before = stored && editionOf(stored, one);
    const isNewer = document !== undefined && supersedes(document, before);
    if (isTombstone(isNewer ? document : before)) gone.add(name);
    if (!isNewer) continue;
    accepted.add(name);
    // Where no detail ever came, the session's own answer owns its column.
    const isOfNothing = name === 'detail' && !before && isTombstone(document);
    if (name !== 'listed' && !isOfNothing && document.hash !== before?.hash) changed.set(name, document);
  }
  return { entry, known: stored !== null, accepted, changed, gone };
}

export function isTombstone(edition: Edition | null | undefined): boolean {
  return edition?.hash === TOMBSTONE;
}

function versionsTarget(told: readonly Kept[]): Target {
  const columns = ['entity', 'key', ...told.flatMap(({ version, hash }) => [version, hash])];
  return ledgerTarget('etl_versions', (column) => columns.includes(column));
}

function versionRow(
  { entity, key, documents }: Entry,
  told: readonly Kept[],
  stored: StoredRow | null,
  accepted?: ReadonlySet<string>,
): StoredRow {
  const row: StoredRow = { entity, key };
  for (const { name, version, hash } of told) {
    const document = accepted && !accepted.has(name) ? undefined : documents.get(name);
    row[version] = document?.version ?? stored?.[version] ?? null;
    row[hash] = document ? document.hash || null : (stored?.[hash] ?? null);
  }
  return row;
}

function editionOf(stored: StoredRow, { version, hash }: Kept): Edition | null {
  const number = stored[version] ?? null;
  return number === null ? null : { version: Number(number), hash: String(stored[hash] ?? '') };
}

function idOf({ entity, key }: StoredRow): string {
  return `${entity} ${key}`;
}
