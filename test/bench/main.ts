/**
 * `npm run bench`: the whole way; `npm run bench:load` measures the loading alone. `--memory` adds runs of 200,000
 * sessions. Servers keep what they were told (fsync on); SQLite runs with `synchronous=FULL` as in production.
 */
import { handOver } from '../support/servers/handed.js';
import { provideServers } from '../support/servers/provide.js';
import { benchServices } from './services.js';
import { benchWholeWay } from './whole-way.js';

const sizes = [20_000, ...(process.argv.includes('--memory') ? [200_000] : [])];

console.log('The whole way: emulator over HTTP -> et-etl run (one process) -> SQLite');
const wholeWay = [await benchWholeWay(10_000, 50, 60)];
for (const sessions of sizes) wholeWay.push(await benchWholeWay(sessions, 0));
console.table(wholeWay);

const provided = await provideServers(['rabbitmq', 'postgresql'], {
  durable: true,
  say: console.log,
});
try {
  handOver(provided, console.log);
  const { servers } = provided;
  if (servers.has('rabbitmq') && servers.has('postgresql')) {
    console.log('The whole way: emulator over HTTP -> three services over RabbitMQ -> PostgreSQL');
    const services = [];
    for (const sessions of sizes) services.push(await benchServices(sessions));
    console.table(services);
  }
} finally {
  await provided.stop();
}
