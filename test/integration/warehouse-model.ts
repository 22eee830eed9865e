import { createHash } from 'node:crypto';

import fc from 'fast-check';

import type { Answered, Row, RowDocument } from '#contracts';

import { answeredOf, fullRow, sessionDocument, uuidOf } from '../support/row-batches.js';

/** What the warehouse has to hold, by table and in no order: of each document the newest, of one version the greatest. */
export function modelOf(answers: readonly Answered[]): Record<string, Row[]> {
  const newest = new Map<string, RowDocument>();
  for (const { key, documents } of answers) {
    for (const next of documents) {
      const held = newest.get(`${key} ${next.document}`);
      if (!held || rankOf(next) > rankOf(held)) newest.set(`${key} ${next.document}`, next);
    }
  }
  const roots = new Map<string, Row>();
  const model: Record<string, Row[]> = Object.fromEntries(modelled.map((name) => [name, []]));
  for (const { rows } of newest.values()) {
    for (const [table, own] of Object.entries(rows)) {
      if (table === 'sessions')
        for (const row of own) roots.set(String(row['id']), { ...roots.get(String(row['id'])), ...row });
      else model[table]?.push(...own);
    }
  }
  return { ...model, sessions: [...roots.values()].map((row) => fullRow('sessions', row)) };
}

/** The tables that answers here tell about. */
const modelled = ['sessions', 'sessions_tags', 'sessions_crm_statuses', 'sessions_scores', 'sessions_summaries'];

/** Rows without an order, for comparison. */
export function unordered(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** What ET told about a session at once. */
export interface Told {
  readonly key: number;
  readonly version: number;
  readonly content: number;
  /** Scores, summary and detail by its bits; with the fourth these alone, otherwise the session itself too. */
  readonly documents: number;
}

/** Few sessions in few versions, so that answers meet. */
export const told: fc.Arbitrary<Told> = fc.record({
  key: fc.nat(4),
  version: fc.integer({ min: 1, max: 6 }),
  content: fc.nat(3),
  documents: fc.nat(15),
});

export function answerOf({ key: number, version, content, documents }: Told): Answered {
  const key = uuidOf(number);
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  const session = sessionDocument(key, 'session', version, {
    sessions: [{ type: `type ${content}`, duration: content / 4 }],
    sessions_tags: range(content).map((tag_id) => ({ tag_id, transcript_id: content > 2 ? 1 : null, score: version })),
    sessions_crm_statuses: range(3 - content).map((index) => ({ crm_status: `state ${index}` })),
  });
  // The detail's own answer alone tells about this column.
  for (const row of session.rows['sessions'] ?? []) delete row['additional_info'];
  const others = [
    sessionDocument(key, 'scores', version, {
      sessions_scores: range(content).map((score) => ({ scorecard_id: score, score })),
    }),
    sessionDocument(key, 'summary', version, { sessions_summaries: [{ et_id: 's', text: `text ${content}` }] }),
    sessionDocument(key, 'detail', version, { sessions: [{ id: key, additional_info: `{"n":${content}}` }] }),
  ].filter((_, bit) => documents & (1 << bit));
  return answeredOf(key, documents & 8 && others.length > 0 ? others : [session, ...others]);
}

/** All items in any order, some of them more than once. */
export function disorder<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.subarray([...items]).chain((again) => {
    const given = [...items, ...again];
    return fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length });
  });
}

/** Cut into pieces of these sizes, again and again. */
export function cut<T>(items: readonly T[], sizes: readonly number[]): T[][] {
  const pieces: T[][] = [];
  for (let from = 0; from < items.length; from += pieces.at(-1)?.length ?? 1) {
    pieces.push(items.slice(from, from + (sizes[pieces.length % sizes.length] ?? 1)));
  }
  return pieces;
}

/** Within one batch the last answer about a key holds: lists in each of which a key stands once. */
export function apart<T extends { readonly key: unknown }>(read: readonly T[]): T[][] {
  const times = new Map<unknown, number>();
  const nth = ({ key }: T): number => {
    times.set(key, (times.get(key) ?? 0) + 1);
    return times.get(key) ?? 0;
  };
  return [...Map.groupBy(read, nth).values()];
}

function rankOf({ version, rows }: RowDocument): string {
  const hash = createHash('sha256').update(JSON.stringify(rows)).digest('hex');
  return `${String(version).padStart(9, '0')} ${hash}`;
}
