import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { startEmulator } from './emulator.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    host: { type: 'string', default: '127.0.0.1' },
    /** The account that may log in: its name, and the file of its password. */
    user: { type: 'string' },
    'password-file': { type: 'string' },
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

const passwordFile = values['password-file'];
const secret = passwordFile && readFileSync(passwordFile, 'utf8').replace(/\r?\n$/, '');
const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
const emulator = await startEmulator({
  port: Number(values.port),
  host: values.host,
  account: { user: values.user, password: secret },
  seed: Number(values.seed),
  sessions: Number(values.sessions),
  days: Number(values.days),
  lastDay: values['last-day'] || yesterday,
  latencyMs: Number(values.latency),
  cap: Number(values.cap),
  crowds: JSON.parse(values.crowds),
  faults: JSON.parse(values.faults),
});
const { url, user, token } = emulator;
// What somebody else keeps in a file is no business of a log.
const password = secret ? undefined : emulator.password;
console.log(JSON.stringify({ url, user, password, token, days: Object.keys(emulator.tenant.counts()) }));

const end = (): void => void emulator.close().finally(() => process.exit(0));
process.once('SIGTERM', end);
process.once('SIGINT', end);
if (values['with-parent']) {
  // A parent that forked us is watched by its channel, one that spawned us by our input.
  if (process.send) process.once('disconnect', end);
  else process.stdin.once('end', end).once('close', end).resume();
}
