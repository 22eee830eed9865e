import { hash } from 'node:crypto';

import { rootOf, tablesOf, type Answered, type Entity, type Row, type RowBatch, type RowDocument } from '#contracts';

import { TOMBSTONE, versionedDocuments, type VersionedDocument } from '../ledger-tables.js';
import { fold, type Edition } from './rule.js';

/** A document as it is stored, or the fact that a day's listing held the key; that one's hash is the day. */
export type EditionName = VersionedDocument | 'listed';

export interface Document extends Edition {
  /** By table. A table that is not named was not told about. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly runId: string;
}

/** Everything told about one session or dictionary item. */
export interface Entry {
  /** Names the entity and the key. */
  readonly id: string;
  readonly entity: Entity;
  readonly key: string;
  readonly documents: ReadonlyMap<string, Document>;
}

/** A batch, read once however often its transaction is tried. */
export interface ReadBatch {
  readonly batch: RowBatch;
  readonly entries: readonly Entry[];
  /** Entries that contradict themselves, with the reason. */
  readonly faults: ReadonlyMap<string, string>;
}

const HASH_CHARACTERS = 32;

export function readBatch(batch: RowBatch): ReadBatch {
  const entries = new Map<string, Entry>();
  const faults = new Map<string, string>();
  for (const answered of batch.answered) {
    const id = entryId(batch.entity, answered.key);
    const fault = answered.documents.map((document) => faultOf(batch.entity, answered.key, document)).find(Boolean);
    if (fault) faults.set(id, fault);
    const documents = documentsOf(batch, answered);
    if (documents.size === 0) continue;
    const earlier = entries.get(id)?.documents ?? new Map<string, Document>();
    entries.set(id, { id, entity: batch.entity, key: answered.key, documents: lastOf(earlier, documents) });
  }
  return { batch, entries: [...entries.values()], faults };
}

/** One entry a key, in the order in which keys are locked everywhere. */
export function combine(entries: readonly Entry[]): Entry[] {
  const combined = new Map<string, Entry>();
  for (const entry of entries) {
    const earlier = combined.get(entry.id);
    combined.set(entry.id, earlier ? { ...entry, documents: fold(earlier.documents, entry.documents) } : entry);
  }
  return [...combined.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function entryId(entity: Entity, key: string): string {
  return `${entity} ${key}`;
}

export function versionedName(document: RowDocument['document']): VersionedDocument {
  return document === 'session' || document === 'item' ? 'root' : document;
}

function documentsOf({ entity, identity }: RowBatch, { documents, gone }: Answered): Map<string, Document> {
  const { subject, runId } = identity.slice;
  const found = new Map<string, Document>();
  for (const { document, version, rows } of documents) {
    found.set(versionedName(document), { version, hash: hashOf(rows), rows, runId });
    if (
      document === 'session' &&
      subject.kind === 'day' &&
      subject.filters === undefined &&
      subject.limit === undefined
    ) {
      found.set('listed', { version, hash: subject.day, rows: {}, runId });
    }
  }
  if (gone === undefined) return found;
  const names = entity === 'session' ? versionedDocuments : (['root'] as const);
  const tombstone = { version: gone, hash: TOMBSTONE, rows: {}, runId };
  const unlisted = { ...tombstone, hash: '' };
  return fold(found, new Map([...names.map((name) => [name, tombstone] as const), ['listed', unlisted]]));
}

/** Within one batch ET's order counts: of equal versions the last holds. */
function lastOf(earlier: ReadonlyMap<string, Document>, later: ReadonlyMap<string, Document>): Map<string, Document> {
  const last = new Map(earlier);
  for (const [name, document] of later) {
    if (document.version >= (last.get(name)?.version ?? 0)) last.set(name, document);
  }
  return last;
}

function hashOf(rows: Document['rows']): string {
  return hash('sha256', JSON.stringify(rows), 'hex').slice(0, HASH_CHARACTERS);
}

/** Rows of another key would escape the lock of this one, so they are never written. */
function faultOf(entity: Entity, key: string, { document, rows }: RowDocument): string | undefined {
  const root = rootOf(entity);
  if (document === root.document && rows[root.name]?.length !== 1) return `not one row of ${root.name}`;
  const owned = [...tablesOf(entity, document), ...(document === 'detail' ? [root] : [])];
  return owned
    .filter(({ name, owner = 'id' }) => rows[name]?.some((row) => String(row[owner]) !== key))
    .map(({ name }) => `a row of ${name} belongs to another key`)[0];
}
