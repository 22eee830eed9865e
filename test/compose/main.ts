/**
 * `npm run test:compose`: builds the images, brings the demo and PostgreSQL up, loads a tenant while containers are
 * scaled and killed, compares every row with what the emulator holds, and takes everything away.
 */
import type { Detail } from '#contracts';

import { Tenant } from '../emulator/tenant.js';
import { backfillByMessage, backfillWithKills } from './backfills.js';
import { Composition } from './composition.js';
import { freedoms } from './confinement.js';
import { reasonToSkip } from './docker.js';
import { BASE_IMAGE, compared, configured, endInPeace, noDeadLetters, none, sizes } from './verdicts.js';

const VERSION = 'test';
const services = ['extractor', 'transformer', 'loader'];
const details: readonly Detail[] = ['scores', 'summary', 'comments'];
const size = { sessions: 1_500, days: 12, lastDay: '2026-11-20' };

const skip = await reasonToSkip([BASE_IMAGE, 'rabbitmq:4-management', 'postgres:17']);
if (skip !== undefined) {
  console.log(`test:compose skipped: ${skip}`);
  process.exit(0);
}

const tenant = new Tenant({ seed: 1, ...size });
const days = Object.keys(tenant.counts()).sort();
const [first = '', middle = '', last = ''] = [days[0], days[size.days / 2 - 1], days.at(-1)];
const composition = await Composition.prepare({
  ETL_VERSION: VERSION,
  DEMO_SESSIONS: size.sessions,
  DEMO_DAYS: size.days,
  DEMO_LAST_DAY: size.lastDay,
  DEMO_LATENCY: 40,
  ET_DETAILS: details.join(','),
  ET_TIMEZONE: 'UTC',
  SYNC_CRON: 'off',
});
const kills = [services, ['rabbitmq'], ['postgres', 'loader']];
const steps: Readonly<Record<string, () => Promise<string[] | void>>> = {
  'every profile can be read, and none starts without passwords': configured,
  'images are built': async () => void (await composition.compose('build')),
  'images are small': () => sizes(VERSION),
  'everything comes up': () => composition.up(),
  'nothing may do more than it has to': async () => none(await freedoms(composition)),
  [`a message asks for ${first} to ${middle}`]: () => backfillByMessage(composition, first, middle),
  'the database holds what these days hold': () => compared(composition, tenant, details, middle),
  'scaled to 3 transformers and 2 loaders': () => composition.up({ transformer: 3, loader: 2 }),
  [`the cli asks for ${first} to ${last}`]: () => backfillWithKills(composition, first, last, kills),
  'the database holds what all days hold': () => compared(composition, tenant, details, last),
  'there are no dead letters': () => noDeadLetters(composition),
  'services end in peace when told to': () => endInPeace(composition, services),
};

process.once('SIGINT', () => void composition.remove().finally(() => process.exit(130)));
let failure: unknown;
try {
  for (const [title, work] of Object.entries(steps)) {
    const begun = performance.now();
    const told = (await work()) ?? [];
    console.log([`${title} (${((performance.now() - begun) / 1000).toFixed(1)} s)`, ...told].join('\n  '));
  }
} catch (error) {
  failure = error;
  console.log(String(error));
  console.log((await composition.compose('logs', '--no-color', '--tail', '40').catch(String)).slice(-20_000));
}
await composition.remove();
console.log(failure === undefined ? 'test:compose passed; everything is taken away again' : 'test:compose failed');
process.exit(failure === undefined ? 0 : 1);
