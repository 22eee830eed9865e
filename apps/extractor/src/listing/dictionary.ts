import { itemKey, type Dictionary } from '#contracts';

import type { Asker, EtClient } from '../et/client.js';
import { listAnswer } from './answers.js';

const PAGE = 1000;

/** Where a dictionary is read, and whether ET gives it in pages. */
const endpoints = {
  scorecards: { path: '/scorecards', paged: false },
  groups: { path: '/agent-groups', paged: false },
  agents: { path: '/agents', paged: true },
  users: { path: '/users', paged: true },
  categories: { path: '/categories', paged: false },
  labels: { path: '/labels', paged: false },
  tags: { path: '/tags', paged: true },
} as const satisfies Record<Dictionary, { path: string; paged: boolean }>;

/** Makes the automatic reviews; ET may leave it out of `/users`. */
const userZero = {
  id: 0,
  full_name: 'Ender Turing',
  email: 'ender.turing@enderturing.com',
  is_active: false,
  is_superuser: false,
  invite_expires: '1900-01-01T00:00:00',
};

/** Items of one answer that no answer before it held. */
export interface DictionaryStep {
  readonly version: number;
  readonly items: unknown[];
}

/**
 * A dictionary whole. Goes on by what came back and ends at an empty page or one with nothing new, for an
 * installation may lower `limit` in silence or ignore `skip`.
 */
export async function* listDictionary(
  client: EtClient,
  dictionary: Dictionary,
  asker: Asker,
): AsyncGenerator<DictionaryStep> {
  const { path, paged } = endpoints[dictionary];
  const seen = new Set<string>();
  for (let skip = 0; ;) {
    const { version, body } = await client.get(path, paged ? { skip, limit: PAGE } : {}, asker);
    const answered = listAnswer(path, body);
    const items = answered.filter((item) => isNew(item, seen));
    skip += answered.length;
    const last = items.length === 0 || !paged;
    if (last && dictionary === 'users' && isNew(userZero, seen)) items.push(userZero);
    if (items.length > 0) yield { version, items };
    if (last) return;
  }
}

function isNew(item: unknown, seen: Set<string>): boolean {
  const key = itemKey(item);
  return !seen.has(key) && seen.add(key) !== undefined;
}
