import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { sessionsPerSecondOneByOne } from './one-by-one.js';
import { runProgram, startEmulatorProcess } from './program.js';

export interface WholeWayFigure {
  readonly sessions: number;
  readonly latencyMs: number;
  readonly seconds: number;
  readonly sessionsPerSecond: number;
  readonly requestsPerSecond: number;
  readonly peakMiB: number;
  /** The same tenant read one request after the other, and how many times faster that makes us. */
  readonly oneByOne?: number;
  readonly times?: number;
}

const LAST_DAY = '2026-11-20';
const FIRST_DAY = '2026-10-22';

/**
 * `et-etl run` as a process of its own, from the emulator (another process) into a fresh SQLite file. With
 * `oneByOne`, so many sessions are read one request after the other first, from the same emulator.
 */
export async function benchWholeWay(sessions: number, latencyMs: number, oneByOne = 0): Promise<WholeWayFigure> {
  const emulator = await startEmulatorProcess({ sessions, days: 30, 'last-day': LAST_DAY, latency: latencyMs });
  const folder = mkdtempSync(path.join(tmpdir(), 'etl-bench-'));
  try {
    const slow = oneByOne > 0 ? await sessionsPerSecondOneByOne(emulator, LAST_DAY, oneByOne) : undefined;
    const before = await emulator.requests();
    const range = ['--start-dt', FIRST_DAY, '--stop-dt', LAST_DAY];
    const usage = await runProgram(path.resolve('dist/apps/cli/src/main.js'), ['run', ...range], {
      ET_URL: emulator.url,
      ET_USER: emulator.user,
      ET_PASSWORD: emulator.password,
      ET_TIMEZONE: 'UTC',
      DATABASE_URL: `sqlite:///${path.join(folder, 'bench.sqlite')}`,
    });
    if (usage.code !== 0) throw new Error(`et-etl run ended with ${usage.code}:\n${usage.tail}`);
    const perSecond = sessions / usage.seconds;
    return {
      sessions,
      latencyMs,
      seconds: round(usage.seconds),
      sessionsPerSecond: Math.round(perSecond),
      requestsPerSecond: Math.round(((await emulator.requests()) - before) / usage.seconds),
      peakMiB: usage.peakMiB,
      ...(slow === undefined ? {} : { oneByOne: round(slow), times: round(perSecond / slow) }),
    };
  } finally {
    await emulator.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
