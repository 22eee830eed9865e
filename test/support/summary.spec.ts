import type { ServerKind } from './servers/kinds.js';
import type { ProvidedServer } from './servers/provide.js';
import { SKIPPED } from './suites.js';
import { summarize, type JestResults } from './summary.js';

const nothing: JestResults = {
  success: true,
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};
const noServers = { servers: new Map<ServerKind, ProvidedServer>(), missing: new Map<ServerKind, string>() };
const skipped = (...ancestorTitles: string[]) => ({ status: 'pending', title: 'works', ancestorTitles });

describe('the closing summary', () => {
  it('ends with the numbers alone, and counts a file that could not be read as failed', () => {
    const results = { ...nothing, numPassedTests: 7, numFailedTests: 1, numRuntimeErrorTestSuites: 2, numTodoTests: 1 };
    expect(summarize(results, noServers).split('\n').at(-1)).toBe('7 passed, 3 failed, 1 skipped');
  });

  it('counts what failed the run as a whole', () => {
    const lines = summarize({ ...nothing, numPassedTests: 7 }, noServers, 'a test left a handle open').split('\n');
    expect(lines).toContain('  a test left a handle open');
    expect(lines.at(-1)).toBe('7 passed, 1 failed, 0 skipped');
  });

  it('tells which server, in which version, and where it came from', () => {
    const server = { url: '', origin: 'TEST_POSTGRES_URL', version: '15.18', stop: () => Promise.resolve() };
    const missing = new Map<ServerKind, string>([['rabbitmq', 'no Docker daemon answers']]);
    const lines = summarize(nothing, { servers: new Map([['postgresql', server]]), missing }).split('\n');
    expect(lines).toContain('  PostgreSQL 15.18 (TEST_POSTGRES_URL)');
    expect(lines).toContain('  RabbitMQ: no Docker daemon answers');
    expect(lines).toContain('  MariaDB: no test asked for it');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}MySQL 8: not started/));
  });

  it('names a skipped suite once, with its reason, however many tests it has', () => {
    const title = `messages${SKIPPED}no RabbitMQ`;
    const assertionResults = [skipped(title, 'retries'), skipped(title, 'parks'), skipped('another')];
    const lines = summarize({ ...nothing, testResults: [{ name: 'a.spec.ts', assertionResults }] }, noServers).split(
      '\n',
    );
    expect(lines).toContain(`  ${title} (2 tests)`);
    expect(lines).toContain('  another › works');
  });
});
