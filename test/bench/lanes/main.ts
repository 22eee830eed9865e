/**
 * `npm run bench:lanes`: whether live slices stay fresh while a backfill runs: p95 from slice dispatched to slice
 * closed, alone and beside a backfill, in turns. `--pairs 5`, `--seconds 16` a phase, `--only services` or `process`.
 */
import { parseArgs } from 'node:util';

import { serverFacts } from '../../support/servers/kinds.js';
import { provideServers } from '../../support/servers/provide.js';
import { compare, type Comparison } from './figures.js';
import { measurePairs, type Extent } from './measure.js';
import { systems } from './system.js';
import { LATENCY_MS, LIVE_DAYS, startTenant } from './tenant.js';

/** A backfill loads no faster than that with an ET of 50 ms, so it lasts as long as its phase. */
const SESSIONS_A_SECOND = 400;
/** Until a backfill is in full swing, and until the last daily run of a phase is done. */
const AROUND_SECONDS = 12;

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '16' },
    only: { type: 'string' },
  },
});
const extent: Extent = { pairs: Number(values.pairs), seconds: Number(values.seconds) };
if (!(extent.pairs > 0 && extent.seconds > 0)) throw new Error('--pairs and --seconds take numbers above 0');
const wanted = (Object.keys(systems) as (keyof typeof systems)[]).filter((name) => name.includes(values.only ?? ''));

const { servers, missing, stop } = await provideServers(['rabbitmq', 'postgresql'], {
  durable: true,
  say: console.log,
});
for (const [kind, { url, managementUrl }] of servers) {
  process.env[serverFacts[kind].handed] = url;
  if (managementUrl) process.env['TEST_AMQP_MANAGEMENT_URL'] = managementUrl;
}
const lines: Record<string, ReturnType<typeof lineOf>> = {};
try {
  console.log(
    `ET at ${LATENCY_MS} ms; every 2 s a daily run of 7 dictionaries and ${LIVE_DAYS} days of 20 conversations and more, ` +
      `${extent.seconds} s alone and ${extent.seconds} s beside a backfill of days of 600, ${extent.pairs} times in turns`,
  );
  for (const name of wanted) {
    if (systems[name].needsServers && missing.size > 0) {
      console.log(`${name}: not measured, ${[...missing.values()].join('; ')}`);
      continue;
    }
    console.log(`\n${name}`);
    lines[name] = lineOf(await bench(name));
  }
  console.table(lines);
} finally {
  await stop();
}
if (Object.values(lines).some(({ aim }) => aim !== 'met')) process.exitCode = 1;

async function bench(name: keyof typeof systems): Promise<Comparison> {
  const tenant = await startTenant(extent.pairs, (extent.seconds + AROUND_SECONDS) * SESSIONS_A_SECOND);
  try {
    const system = await systems[name].start(tenant);
    try {
      return compare(await measurePairs(system, tenant, extent, console.log));
    } finally {
      await system.stop();
    }
  } finally {
    await tenant.et.stop();
  }
}

function lineOf({ alone, beside, worse, met }: Comparison) {
  return {
    'slices a phase': alone.slices,
    'p50 alone, ms': alone.p50,
    'p50 beside': beside.p50,
    'p95 alone': alone.p95,
    'p95 beside': beside.p95,
    'p95 worse by': worse,
    aim: met ? 'met' : 'missed',
  };
}
