import { Database } from '../../../apps/loader/src/database.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import type { Dialect } from '../../support/suites.js';
import { ROWS_PER_SESSION, SESSIONS_PER_GROUP } from '../sample-batches.js';
import { ensureEqual, readContents } from './contents.js';
import { LoaderProcess } from './loader-process.js';
import type { Work } from './orders.js';
import { logger } from './way.js';
import { wayNames, ways, type WayName } from './ways.js';

export const passes = [
  { pass: 'insert', content: 1, version: 1 },
  { pass: 'update', content: 2, version: 2 },
  { pass: 'no-op', content: 2, version: 3 },
] as const;
export type Pass = (typeof passes)[number]['pass'];

/** One way with one loader, or with two on sessions of their own; each such side has a database for itself. */
export interface Side {
  readonly way: WayName;
  readonly loaders: number;
}

/** What a side took for its share of one round. */
export interface Turn extends Side {
  readonly pass: Pass;
  readonly round: number;
  readonly rowsPerSecond: number;
  readonly cpuSecondsPerMillionRows: number;
}

export interface Extent {
  readonly rounds: number;
  /** Transactions of 500 sessions that each side makes in a round; even, for they are shared between two loaders. */
  readonly transactions: number;
}

/** Transactions that each of two loaders makes in each pass before anything is measured, until its code is compiled. */
const WARM_UP = 1;

interface RunningSide extends Side {
  readonly fresh: FreshDatabase;
  readonly processes: readonly LoaderProcess[];
}

/**
 * Loads the same sessions by every way, in turns, so that all see the same machine. Throws where the databases do not
 * hold the same rows in the end.
 */
export async function benchDialect(dialect: Dialect, { rounds, transactions }: Extent): Promise<Turn[]> {
  // A second loader on a SQLite file is refused.
  const counts = dialect === 'sqlite' ? [1] : [1, 2];
  const sides: RunningSide[] = [];
  try {
    for (const loaders of counts) for (const way of wayNames) sides.push(await startSide(dialect, way, loaders));
    for (const work of passes)
      for (const side of sides) await measure(side, { ...work, groups: warmUp(rounds * transactions) });
    const turns: Turn[] = [];
    for (const { pass, ...work } of passes) {
      for (let round = 0; round < rounds; round += 1) {
        const groups = range(round * transactions, transactions);
        for (const side of rotated(sides, round))
          turns.push({ pass, round, ...(await measure(side, { ...work, groups })) });
      }
    }
    await Promise.all(sides.flatMap(({ processes }) => processes.map((one) => one.close())));
    await ensureSameContents(dialect, sides);
    return turns;
  } finally {
    await Promise.all(sides.flatMap(({ processes }) => processes.map((one) => one.close())));
    for (const { fresh } of sides) await fresh.drop();
  }
}

async function startSide(dialect: Dialect, way: WayName, loaders: number): Promise<RunningSide> {
  const fresh = await freshDatabase(dialect);
  const database = await Database.open(fresh.settings, logger, []);
  await database.ensureSchema();
  await database.close();
  const { settings, url } = fresh;
  const facts = { dialect, way, fresh: { settings, url } };
  const processes = await Promise.all(range(0, loaders).map(() => LoaderProcess.open(facts)));
  return { way, loaders, fresh, processes };
}

async function measure({ way, loaders, processes }: RunningSide, work: Work): Promise<Omit<Turn, 'pass' | 'round'>> {
  const shares = processes.map((_, place) => work.groups.filter((_group, index) => index % loaders === place));
  await Promise.all(processes.map((one, place) => one.ask({ order: 'prepare', ...work, groups: shares[place] ?? [] })));
  const started = performance.now();
  const answers = await Promise.all(processes.map((one) => one.ask({ order: 'load' })));
  const seconds = (performance.now() - started) / 1000;
  const rows = work.groups.length * SESSIONS_PER_GROUP * ROWS_PER_SESSION;
  const cpuSeconds = answers.reduce((sum, answer) => sum + (answer.cpuSeconds ?? 0), 0);
  return { way, loaders, rowsPerSecond: rows / seconds, cpuSecondsPerMillionRows: (cpuSeconds * 1e6) / rows };
}

async function ensureSameContents(dialect: Dialect, sides: readonly RunningSide[]): Promise<void> {
  const [first, ...others] = sides;
  if (!first) return;
  const expected = await readContents(first.fresh, true);
  for (const { way, loaders, fresh } of others) {
    const title = `${ways[dialect][way].title} with ${loaders} loader(s)`;
    ensureEqual(expected, await readContents(fresh, way !== 'bare'), title);
  }
}

/** Twice as many, for two loaders share them. Their rows stay: everything is measured on tables that hold some. */
function warmUp(first: number): number[] {
  return range(first, 2 * WARM_UP);
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}

function rotated<T>(list: readonly T[], by: number): T[] {
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
