import { serverFacts } from './kinds.js';
import type { Provided } from './provide.js';

/** Puts servers where suites look for them, and tells of each where it came from or why it is not there. */
export function handOver({ servers, missing }: Provided, say: (line: string) => void): void {
  for (const [kind, { url, version, origin, managementUrl }] of servers) {
    process.env[serverFacts[kind].handed] = url;
    if (managementUrl) process.env['TEST_AMQP_MANAGEMENT_URL'] = managementUrl;
    say(`${serverFacts[kind].title} ${version} (${origin})`);
  }
  for (const [kind, reason] of missing) say(`no ${serverFacts[kind].title}: ${reason}`);
}
