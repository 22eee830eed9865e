/** Provides servers, runs jest against them, stops them, and tells what ran against what. Arguments go to jest. */
import { listTests, runJest } from './jest.js';
import { serversNamedIn } from './needs.js';
import { serverFacts } from './servers/kinds.js';
import { provideServers, type Provided } from './servers/provide.js';
import { summarize } from './summary.js';

const args = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** The environment of the tests: the servers, and none of the product's own settings that this shell may hold. */
function environment({ servers, missing }: Provided): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !/^(ET_|AMQP_|DATABASE_URL$)/i.test(name));
  const urls = [...servers].map(([kind, { url }]): [string, string] => [serverFacts[kind].handed, url]);
  return {
    ...Object.fromEntries(own),
    ...Object.fromEntries(urls),
    TEST_AMQP_MANAGEMENT_URL: servers.get('rabbitmq')?.managementUrl,
    TEST_MISSING: JSON.stringify(Object.fromEntries(missing)),
  };
}

async function main(): Promise<number> {
  const needed = serversNamedIn((await listTests(args)).filter((file) => /\/test\/(integration|e2e)\//.test(file)));
  const provided = await provideServers(needed, { durable: process.env['TEST_DURABLE'] === '1', say });
  for (const [kind, { version, origin }] of provided.servers) say(`${serverFacts[kind].title} ${version} (${origin})`);
  try {
    const { results, fault } = await runJest(args, environment(provided));
    say(results ? summarize(results, provided, fault) : `\n${fault}`);
    return results?.success && !fault ? 0 : 1;
  } finally {
    await provided.stop();
  }
}

// Servers are guarded by pipes that this process holds, so they end with it in any case.
main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    say(String(error));
    process.exit(1);
  },
);
