import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { runCli, type Settings } from './processes.js';

const lastDay = '2026-11-20';

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
});
