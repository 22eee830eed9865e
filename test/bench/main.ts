/**
 * `npm run bench`: the whole way and the loading alone. `--memory` adds a run of 200,000 sessions. Servers keep what
 * they were told (fsync on); SQLite runs with `synchronous=FULL` as in production.
 */
import { serverFacts } from '../support/servers/kinds.js';
import { provideServers } from '../support/servers/provide.js';
import { benchLoad } from './load.js';
import { benchWholeWay } from './whole-way.js';

const LOADED_SESSIONS = 10_000;

console.log('The whole way: emulator over HTTP -> et-etl run (one process) -> SQLite');
console.table([
  await benchWholeWay(20_000, 0),
  await benchWholeWay(5_000, 50, 60),
  ...(process.argv.includes('--memory') ? [await benchWholeWay(200_000, 0)] : []),
]);

const { servers, missing, stop } = await provideServers(['postgresql'], { durable: true, say: console.log });
try {
  console.log('Loading alone: rows a second, beside the fastest plain way into the same server in the same run');
  console.table(await benchLoad('sqlite', LOADED_SESSIONS));
  const postgres = servers.get('postgresql');
  if (postgres) {
    process.env[serverFacts.postgresql.handed] = postgres.url;
    console.log(`PostgreSQL ${postgres.version} (${postgres.origin})`);
    console.table(await benchLoad('postgresql', LOADED_SESSIONS));
  } else {
    console.log(`PostgreSQL: not measured, ${missing.get('postgresql')}`);
  }
} finally {
  await stop();
}
