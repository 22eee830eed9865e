/**
 * `npm run bench`: the whole way; `npm run bench:load` measures the loading alone. `--memory` adds runs of 200,000
 * sessions. Servers keep what they were told (fsync on); SQLite runs with `synchronous=FULL` as in production.
 */
import { serverFacts } from '../support/servers/kinds.js';
import { provideServers } from '../support/servers/provide.js';
import { benchServices } from './services.js';
import { benchWholeWay } from './whole-way.js';

const sizes = [20_000, ...(process.argv.includes('--memory') ? [200_000] : [])];

console.log('The whole way: emulator over HTTP -> et-etl run (one process) -> SQLite');
const wholeWay = [await benchWholeWay(10_000, 50, 60)];
for (const sessions of sizes) wholeWay.push(await benchWholeWay(sessions, 0));
console.table(wholeWay);

const { servers, missing, stop } = await provideServers(['rabbitmq', 'postgresql'], {
  durable: true,
  say: console.log,
});
try {
  for (const [kind, { url, version, origin, managementUrl }] of servers) {
    process.env[serverFacts[kind].handed] = url;
    if (managementUrl) process.env['TEST_AMQP_MANAGEMENT_URL'] = managementUrl;
    console.log(`${serverFacts[kind].title} ${version} (${origin})`);
  }
  for (const [kind, reason] of missing) console.log(`${serverFacts[kind].title}: not measured, ${reason}`);

  if (servers.has('rabbitmq') && servers.has('postgresql')) {
    console.log('The whole way: emulator over HTTP -> three services over RabbitMQ -> PostgreSQL');
    const services = [];
    for (const sessions of sizes) services.push(await benchServices(sessions));
    console.table(services);
  }
} finally {
  await stop();
}
