import type { DatabaseSettings } from '#config';
import { serverFacts, type ServerKind } from './servers/kinds.js';

export type Dialect = DatabaseSettings['dialect'];

/** The dialects that need a server. One is added here, and in databases.ts. */
export const servedDialects = ['postgresql', 'mariadb', 'mssql'] as const satisfies (Dialect & ServerKind)[];

/** The URL of a server that the test runner provided. Throws without one: ask `reasonToSkip` first. */
export function serverUrl(kind: ServerKind): string {
  const url = process.env[serverFacts[kind].handed];
  if (!url) throw new Error(`no ${serverFacts[kind].title} for this suite; use describeWith('${kind}', …)`);
  return url;
}

/** Why a suite that needs this server cannot run. Undefined where it can. */
export function reasonToSkip(kind: ServerKind): string | undefined {
  const { title, handed } = serverFacts[kind];
  if (process.env[handed]) return undefined;
  const reasons = JSON.parse(process.env['TEST_MISSING'] ?? '{}') as Partial<Record<ServerKind, string>>;
  return `no ${title}: ${reasons[kind] ?? 'run it by `npm test` or `npm run test:integration -- <path>`'}`;
}

/** What stands between a suite's title and the reason why it was skipped; the closing summary looks for it. */
export const SKIPPED = ' — skipped: ';

/**
 * `describe`, for suites that need real servers: without them the suite is skipped by name, with the reason.
 * The runner starts the servers that spec files name in quotes (needs.ts).
 */
export function describeWith(kinds: ServerKind | readonly ServerKind[], title: string, suite: () => void): void {
  const reasons = [kinds]
    .flat()
    .map(reasonToSkip)
    .filter((reason) => reason !== undefined);
  if (reasons.length === 0) describe(title, suite);
  else describe.skip(`${title}${SKIPPED}${reasons.join('; ')}`, suite);
}

/** The same suite on every dialect; one whose server is missing is skipped by name, with the reason. */
export function describeDialects(title: string, suite: (dialect: Dialect) => void): void {
  describe(`${title}, in SQLite`, () => suite('sqlite'));
  describeServed(title, suite);
}

/** The same suite on every dialect with a server. */
export function describeServed(title: string, suite: (dialect: (typeof servedDialects)[number]) => void): void {
  for (const dialect of servedDialects) {
    describeWith(dialect, `${title}, in ${serverFacts[dialect].title}`, () => suite(dialect));
  }
}
