import { parseArgs } from 'node:util';

import { startEmulator } from './emulator.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    seed: { type: 'string', default: '1' },
    sessions: { type: 'string', default: '200' },
    days: { type: 'string', default: '5' },
    'last-day': { type: 'string' },
    latency: { type: 'string', default: '0' },
    cap: { type: 'string', default: '10000' },
    /** JSON: a list of hours, or minutes, with many sessions. */
    crowds: { type: 'string', default: '[]' },
    /** JSON: a list of fault rules. */
    faults: { type: 'string', default: '[]' },
    /** End when the parent goes away. */
    'with-parent': { type: 'boolean', default: false },
  },
});

const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const emulator = await startEmulator({
  port: Number(values.port),
  seed: Number(values.seed),
  sessions: Number(values.sessions),
  days: Number(values.days),
  lastDay: values['last-day'] ?? yesterday,
  latencyMs: Number(values.latency),
  cap: Number(values.cap),
  crowds: JSON.parse(values.crowds),
  faults: JSON.parse(values.faults),
});
const { url, user, password, token } = emulator;
console.log(JSON.stringify({ url, user, password, token, days: Object.keys(emulator.tenant.counts()) }));

const end = (): void => void emulator.close().finally(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
if (values['with-parent']) {
  // A parent that forked us is watched by its channel, one that spawned us by our input.
  if (process.send) process.once('disconnect', end);
  else process.stdin.once('end', end).once('close', end).resume();
}
