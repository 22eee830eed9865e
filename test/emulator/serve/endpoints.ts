import type { Dictionary } from '#contracts';

/** ET's endpoints by the names that faults and figures use. */
export const endpoints = [
  'login',
  'scorecards',
  'groups',
  'agents',
  'users',
  'categories',
  'labels',
  'tags',
  'sessions',
  'count',
  'session',
  'scores',
  'summary',
  'comments',
  'transcripts',
  'unknown',
] as const;
export type Endpoint = (typeof endpoints)[number];

/** What a path asks for; `id` where it names a session. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly id?: string;
}

const dictionaryPaths: Readonly<Record<Dictionary, string>> = {
  scorecards: '/scorecards',
  groups: '/agent-groups',
  agents: '/agents',
  users: '/users',
  categories: '/categories',
  labels: '/labels',
  tags: '/tags',
};
const fixed: ReadonlyMap<string, Endpoint> = new Map([
  ['/login/access-token', 'login'],
  ['/sessions', 'sessions'],
  ['/sessions/filter/number_of_sessions', 'count'],
  ...Object.entries(dictionaryPaths).map(([name, path]) => [path, name as Dictionary] as const),
]);
const SESSION = /^\/sessions\/([^/]+)(?:\/(scores|summary|comments|transcripts))?$/;

/** The endpoint of a path, with its query already cut off. */
export function targetOf(path: string): Target {
  if (!path.startsWith('/api/v1/')) return { endpoint: 'unknown' };
  const rest = path.slice('/api/v1'.length);
  const endpoint = fixed.get(rest);
  if (endpoint) return { endpoint };
  const [, id, detail] = SESSION.exec(rest) ?? [];
  return id === undefined ? { endpoint: 'unknown' } : { endpoint: (detail as Endpoint | undefined) ?? 'session', id };
}
