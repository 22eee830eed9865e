import { serverFacts, serverKinds } from './servers/kinds.js';
import type { Provided } from './servers/provide.js';
import { SKIPPED } from './suites.js';

/** No package or image of it is fetched; a developer who has one may hand it over. */
const MYSQL = 'MySQL 8: not started; its SQL stands in snapshots, and TEST_MARIADB_URL may name one';

interface TestResult {
  readonly status: string;
  readonly title: string;
  readonly ancestorTitles: readonly string[];
}

/** The part of jest's `--json` output that is told. */
export interface JestResults {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  /** Files that failed before any of their tests ran. */
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

/**
 * The closing summary, its last line the numbers alone. A file that could not be read counts as one failed test, and
 * so does a `fault` of the whole run.
 */
export function summarize(
  results: JestResults,
  { servers, missing }: Pick<Provided, 'servers' | 'missing'>,
  fault?: string,
): string {
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites + (fault ? 1 : 0);
  const skipped = results.numPendingTests + results.numTodoTests;
  const lines = serverKinds.map((kind) => {
    const { title } = serverFacts[kind];
    const server = servers.get(kind);
    if (server) return `  ${title} ${server.version} (${server.origin})`;
    return `  ${title}: ${missing.get(kind) ?? 'no test asked for it'}`;
  });
  const names = skippedSuites(results);
  return [
    '',
    'Servers',
    ...lines,
    `  ${MYSQL}`,
    ...(names.length > 0 ? ['Skipped', ...names.map((name) => `  ${name}`)] : []),
    ...(fault ? ['Failed', `  ${fault}`] : []),
    '',
    `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`,
  ].join('\n');
}

/** Suites skipped for want of a server once each with their reason; other skipped tests by their own names. */
function skippedSuites({ testResults }: JestResults): string[] {
  const counts = new Map<string, number>();
  for (const { assertionResults } of testResults) {
    for (const test of assertionResults.filter(({ status }) => status === 'pending' || status === 'todo')) {
      const name = skippedName(test);
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
  }
  return [...counts].map(([name, count]) => (count > 1 ? `${name} (${count} tests)` : name));
}

function skippedName({ ancestorTitles, title }: TestResult): string {
  const suite = ancestorTitles.findIndex((ancestor) => ancestor.includes(SKIPPED));
  return (suite === -1 ? [...ancestorTitles, title] : ancestorTitles.slice(0, suite + 1)).join(' › ');
}
