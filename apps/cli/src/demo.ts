import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

import { isSet, type Environment } from '#config';

import { PreflightError } from './exit-codes.js';

/** Seen from `dist/apps/cli/src`. */
const EMULATOR = fileURLToPath(new URL('../../../test/emulator/main.js', import.meta.url));
const TENANT = { sessions: 3000, days: 30 } as const;
const FILE = 'data/demo.sqlite';

const address = z.object({ url: z.string(), user: z.string(), password: z.string() });

/** A tenant to try the product on: ET's API, emulated by a process of its own, over HTTP. */
export interface Demo {
  /** The environment with the demo's address and database. */
  readonly environment: Environment;
  readonly sessions: number;
  readonly days: number;
  close(): Promise<void>;
}

/** Whether nothing tells which ET to read. */
export function wantsDemo(environment: Environment): boolean {
  return !(['ET_URL', 'ET_DOMAIN', 'ET_USER', 'ET_PASSWORD', 'ET_TOKEN'] as const).some((name) =>
    isSet(environment, name),
  );
}

/** Starts the demo tenant, whose last day is yesterday, with an empty database. */
export async function startDemo(environment: Environment): Promise<Demo> {
  const options = ['--sessions', String(TENANT.sessions), '--days', String(TENANT.days), '--with-parent'];
  // A process group of its own: Ctrl+C is for us, and what is in hand still needs its answers.
  const child = spawn(process.execPath, [EMULATOR, ...options], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
  const { url, user, password } = address.parse(JSON.parse(await firstLine(child)));
  const file = resolve(environment.folder, FILE);
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}${suffix}`, { force: true });
  const values = {
    ...environment.values,
    ET_URL: url,
    ET_USER: user,
    ET_PASSWORD: password,
    ET_TIMEZONE: 'UTC',
    DATABASE_URL: `sqlite:///${file}`,
  };
  const close = async (): Promise<void> => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill()) await ended;
  };
  return { environment: { ...environment, values, faults: {} }, ...TENANT, close };
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('the demo has no output to read');
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, 'exit').then(() => {
    throw new PreflightError('the demo tenant does not start', 'npm run build makes it anew');
  });
  const [line] = (await Promise.race([once(lines, 'line'), gone])) as [string];
  gone.catch(() => undefined);
  return line;
}
