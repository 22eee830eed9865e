import { createHash } from 'node:crypto';

import {
  tables,
  tablesOf,
  type Answered,
  type Entity,
  type Row,
  type RowBatch,
  type RowDocument,
  type Subject,
} from '#contracts';

export const DAY = '2026-03-01';
export const ATTEMPT = '11111111-1111-4111-8111-111111111111';

export interface BatchFacts {
  readonly entity?: Entity;
  readonly runId?: string;
  readonly subject?: Subject;
  readonly attempt?: string;
  readonly rejects?: RowBatch['rejects'];
}

let made = 0;

/** A row batch of an identity of its own. */
export function batchOf(answered: readonly Answered[], facts: BatchFacts = {}): RowBatch {
  const { entity = 'session', runId = 'run-1', attempt = ATTEMPT, rejects = [] } = facts;
  const subject = facts.subject ?? subjectOf(entity);
  const page = (made += 1);
  return {
    entity,
    identity: {
      slice: {
        runId,
        sliceId: `${runId}:${subject.kind === 'dictionary' ? subject.dictionary : subject.day}`,
        lane: 'live',
        subject,
      },
      attempt,
      page,
      number: 0,
      sha: createHash('sha256').update(String(page)).digest('hex'),
    },
    answered: [...answered],
    rejects: [...rejects],
    unknownFields: {},
    cleaned: { nul: 0, surrogates: 0 },
  };
}

function subjectOf(entity: Entity): Subject {
  return entity === 'session' ? { kind: 'day', day: DAY } : { kind: 'dictionary', dictionary: entity };
}

/** One key answered for by these documents. */
export function answeredOf(key: string, documents: RowDocument[], outcome: Answered['outcome'] = 'loaded'): Answered {
  return { key, outcome, documents, unknown: [] };
}

/** A document of a session. Tables of the document that are not given are empty sets. */
export function sessionDocument(
  key: string,
  document: Exclude<RowDocument['document'], 'item'>,
  version: number,
  rows: Record<string, Row[]> = {},
): RowDocument {
  const told = tablesOf('session', document).map(({ name, owner }) => {
    const given = rows[name] ?? (owner === undefined ? [{}] : []);
    return [name, given.map((cells) => fullRow(name, { [owner ?? 'id']: key, ...cells }))] as const;
  });
  return { document, version, rows: document === 'detail' ? rows : Object.fromEntries(told) };
}

/** A dictionary item with the rows of its children. */
export function itemDocument(
  entity: Exclude<Entity, 'session'>,
  version: number,
  rows: Record<string, Row[]>,
): RowDocument {
  const told = tablesOf(entity, 'item').map(({ name }) => [
    name,
    (rows[name] ?? []).map((cells) => fullRow(name, cells)),
  ]);
  return { document: 'item', version, rows: Object.fromEntries(told) as Record<string, Row[]> };
}

/** All columns of a table in order, null where not given. */
export function fullRow(table: string, cells: Row): Row {
  const columns = tables.find(({ name }) => name === table)?.columns ?? [];
  return Object.fromEntries(columns.map(({ name }) => [name, cells[name] ?? null]));
}

/** A version 4 UUID of a number. */
export function uuidOf(number: number): string {
  const digits = createHash('md5').update(String(number)).digest('hex');
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-4$3-8$4-$5');
}
