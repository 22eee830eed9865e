import { sessionKey } from '#contracts';

import { EtClient } from '../../apps/extractor/src/et/client.js';
import { listDay } from '../../apps/extractor/src/listing/day.js';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { DAY, settingsFor } from './extractor-harness.js';

const CAP = 10_000;
const CROWD = 37_412;

let emulator: Emulator;
let client: EtClient;
afterEach(async () => {
  client.close();
  await emulator.close();
});

async function list(options: EmulatorOptions) {
  emulator = await startEmulator({ days: 1, lastDay: DAY, ...options });
  client = new EtClient(settingsFor(emulator).et);
  const ids: string[] = [];
  for await (const step of listDay(client, { day: DAY }, { lane: 'live' }, options.cap ?? CAP)) {
    if (step.kind === 'end') return { ids, end: step };
    ids.push(...step.sessions.map(sessionKey));
  }
  throw new Error('a listing ended without its figures');
}

const windows = () => new Set(emulator.stats().listings.map((asked) => /\|\|([\d:,]*)/.exec(asked)?.[1] ?? ''));

test('37,412 sessions of one hour are all listed, each once, though a filter reaches 10,000', async () => {
  const { ids, end } = await list({
    sessions: CROWD + 600,
    crowds: [{ day: DAY, hour: 10, sessions: CROWD }],
  });
  const known = emulator.tenant.ids(DAY);
  expect(known).toHaveLength(CROWD + 600);
  expect(end).toMatchObject({ listed: known.length, countBefore: known.length, countAfter: known.length });
  expect(end.reason).toBeUndefined();
  expect(ids).toHaveLength(known.length);
  const told = new Set(ids);
  expect(known.filter((id) => !told.has(id))).toEqual([]);
  expect(windows()).toContain('00:00,12:00');
}, 300_000);

test('what a minute holds beyond the reach is told as missing, with the reason', async () => {
  const { ids, end } = await list({
    cap: 100,
    sessions: 700,
    crowds: [{ day: DAY, hour: 10, minute: 30, sessions: 500 }],
  });
  expect(end).toMatchObject({ countAfter: 700, reason: 'a minute holds more sessions than ET lists' });
  expect(end.listed).toBeLessThan(700);
  expect(ids).toHaveLength(end.listed);
  expect(new Set(ids).size).toBe(end.listed);
}, 120_000);

test('a day that a page is kept from is listed three times, and told as it is', async () => {
  emulator = await startEmulator({ days: 1, lastDay: DAY, sessions: 900 });
  client = new EtClient(settingsFor(emulator).et);
  emulator.faults.set([{ fault: 'missing-item', endpoint: 'sessions' }]);
  const steps = [];
  for await (const step of listDay(client, { day: DAY }, { lane: 'live' })) steps.push(step);
  expect(steps.at(-1)).toMatchObject({ kind: 'end', listed: 898, countBefore: 900, countAfter: 900 });
  const listings = emulator.stats().listings.filter((asked) => asked.startsWith('sessions') && /skip=0&/.test(asked));
  expect(listings).toHaveLength(3);
});
