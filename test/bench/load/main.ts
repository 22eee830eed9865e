/**
 * `npm run bench:load`: rows a second into each database that can be reached, beside its server's bulk load and the
 * fastest bare way, in the same run. `--dialect mariadb` (several times), `--sessions 20000`, `--rounds 7`.
 */
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';

import { serverFacts, type ServerKind } from '../../support/servers/kinds.js';
import { provideServers } from '../../support/servers/provide.js';
import { servedDialects, type Dialect } from '../../support/suites.js';
import { ROWS_PER_SESSION, SESSIONS_PER_GROUP } from '../sample-batches.js';
import { benchDialect, type Extent } from './bench.js';
import { linesOf, unchangedAgainstChanged } from './report.js';

const all: readonly Dialect[] = ['sqlite', ...servedDialects];
/** Load average by core above which figures say more about the machine's other work. */
const BUSY = 0.25;

const { values } = parseArgs({
  options: {
    dialect: { type: 'string', multiple: true, default: [...all] },
    sessions: { type: 'string', default: '14000' },
    rounds: { type: 'string', default: '7' },
  },
});
const unknown = values.dialect.filter((name) => !all.some((dialect) => dialect === name));
if (unknown.length > 0) throw new Error(`no dialect ${unknown.join(', ')}; there are ${all.join(', ')}`);
const dialects = all.filter((dialect) => values.dialect.includes(dialect));

const extent = extentOf(Number(values.sessions), Number(values.rounds));
const sessions = extent.transactions * SESSIONS_PER_GROUP;
console.log(
  `${extent.rounds} rounds of ${sessions} sessions (${sessions * ROWS_PER_SESSION} rows), ${SESSIONS_PER_GROUP} sessions a transaction; medians, in brackets the least and the greatest`,
);
tellLoad();
const served: ServerKind[] = servedDialects.filter((dialect) => dialects.includes(dialect));
const { servers, missing, stop } = await provideServers(served, { durable: true, say: console.log });
try {
  for (const [kind, { url }] of servers) process.env[serverFacts[kind].handed] = url;
  for (const dialect of dialects) {
    const reason = dialect === 'sqlite' ? undefined : missing.get(dialect);
    if (reason !== undefined) console.log(`\n${titleOf(dialect)}: not measured, ${reason}`);
    else await tell(dialect);
  }
} finally {
  await stop();
}
tellLoad();

async function tell(dialect: Dialect): Promise<void> {
  const turns = await benchDialect(dialect, extent);
  console.log(`\n${titleOf(dialect)}`);
  console.table(linesOf(dialect, turns));
  console.log(`An unchanged row is ${unchangedAgainstChanged(turns).toFixed(1)} times as fast as a changed one.`);
  console.log('All databases hold the same rows.');
}

function titleOf(dialect: Dialect): string {
  if (dialect === 'sqlite') return 'SQLite (WAL, synchronous=FULL; its own work is in Node’s CPU)';
  const server = servers.get(dialect);
  return server ? `${serverFacts[dialect].title} ${server.version} (${server.origin})` : serverFacts[dialect].title;
}

/** Whole pairs of transactions a round: two loaders share them. */
function extentOf(total: number, rounds: number): Extent {
  if (!(total > 0 && rounds > 0)) throw new Error('--sessions and --rounds take numbers above 0');
  return { rounds, transactions: 2 * Math.max(1, Math.round(total / rounds / SESSIONS_PER_GROUP / 2)) };
}

function tellLoad(): void {
  const [minute = 0] = loadavg();
  const cores = availableParallelism();
  const warning =
    minute > BUSY * cores ? '; the machine is busy with other work: trust the ratios, and measure again' : '';
  console.log(`Load average ${minute.toFixed(2)} on ${cores} cores${warning}`);
}
