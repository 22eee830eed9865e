import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase } from '../support/databases.js';
import { describeWith } from '../support/suites.js';
import { runCli, startApp, type Settings } from './processes.js';

const lastDay = '2026-11-20';
const range = ['run', '--start-dt', '2026-11-15', '--stop-dt', lastDay];

let emulator: Emulator;
let folder: string;
let settings: Settings;

beforeEach(async () => {
  emulator = await startEmulator({ seed: 21, sessions: 600, days: 6, lastDay });
  folder = mkdtempSync(path.join(tmpdir(), 'etl-outage-'));
  settings = { ET_URL: emulator.url, ET_USER: emulator.user, ET_PASSWORD: emulator.password, ET_TIMEZONE: 'UTC' };
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

describe('a run in one process', () => {
  it('fails what the account may not read by name, loads the rest and ends with 1', async () => {
    emulator.faults.set([{ fault: 'status', status: 403, endpoint: ['users', 'tags', 'categories'] }]);
    const ended = await runCli(['sync'], { ...settings, START_DATE: '2026-11-15' }, folder);
    expect(ended.stdout).toMatch(/^sessions +600 /m);
    for (const path of ['users', 'tags', 'categories']) {
      expect(ended.stdout).toMatch(
        new RegExp(`^  ${path}  failed: .* GET /${path} answered 403 \\(the account's role`, 'm'),
      );
    }
    expect(ended.code).toBe(1);
  });

  it('waits while ET is away, says so, and goes on once it is back', async () => {
    emulator.faults.set([{ fault: 'status', status: 503, after: 60 }]);
    const begun = startApp('cli', range, settings, folder);
    let told = '';
    begun.child.stderr?.on('data', (text: string) => (told += text));
    await until(() => /^Waiting, and trying again: GET \/\S+ answered 503 \(ET has trouble/m.test(told));
    emulator.faults.clear();
    const ended = await begun.ended;
    expect(ended.stdout).toMatch(/^sessions +600 /m);
    expect(ended.code).toBe(0);
  }, 90_000);

  it('that is killed is gone on with by the next', async () => {
    emulator.pace.latencyMs = 40;
    const begun = startApp('cli', range, settings, folder);
    await until(() => emulator.stats().requests > 200);
    begun.child.kill('SIGKILL');
    expect((await begun.ended).code).toBeNull();
    emulator.pace.latencyMs = 0;
    const next = await runCli(range, settings, folder);
    expect(next.stderr).toMatch(/was not finished: it goes on too/);
    expect(next.stdout).toMatch(/^sessions +600 /m);
    expect(next.code).toBe(0);
  }, 60_000);
});

describeWith('postgresql', 'a run in one process into PostgreSQL', () => {
  it('waits while the database is away, and goes on once it is back', async () => {
    const database = await freshDatabase('postgresql');
    const target = new URL(database.url);
    const relay = new Relay(Number(target.port || 5432), target.hostname);
    target.host = `127.0.0.1:${await relay.open()}`;
    const begun = startApp('cli', range, { ...settings, DATABASE_URL: target.href, DATABASE_TLS: 'off' }, folder);
    let told = '';
    begun.child.stderr?.on('data', (text: string) => (told += text));
    emulator.pace.latencyMs = 40;
    await until(() => emulator.stats().requests > 200);
    relay.close();
    await until(() => told.includes('How far it is cannot be told for now: the loader could not answer run'));
    await relay.open();
    const ended = await begun.ended;
    expect(ended.stdout).toMatch(/^sessions +600 /m);
    expect(ended.code).toBe(0);
    relay.close();
    await database.drop();
  }, 90_000);
});

/** Stands between a process and a server, and can be taken away with all its connections. */
class Relay {
  private readonly sockets = new Set<Socket>();
  private server: Server | undefined;
  private port = 0;

  constructor(
    private readonly target: number,
    private readonly host: string,
  ) {}

  /** At the same port each time. */
  async open(): Promise<number> {
    this.server = createServer((near) => {
      const far = connect(this.target, this.host);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(one);
        one.pipe(other);
        one.on('error', () => other.destroy()).once('close', () => this.sockets.delete(one));
      }
    }).listen(this.port, '127.0.0.1');
    await once(this.server, 'listening');
    this.port = (this.server.address() as AddressInfo).port;
    return this.port;
  }

  close(): void {
    this.server?.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(20);
}
