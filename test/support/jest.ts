import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './servers/processes.js';
import type { JestResults } from './summary.js';

/**
 * How long jest may take to end after its results: more means that a test left something open. Longer than the pauses
 * between tries that a test may have cut short.
 */
const LEAK_MS = 60_000;
const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** The spec files that these arguments choose. */
export async function listTests(args: readonly string[]): Promise<string[]> {
  const output = await run(process.execPath, [...JEST, '--listTests', ...args], { cwd: process.cwd() });
  return output.split('\n').filter((line) => line.endsWith('.spec.ts'));
}

export interface JestRun {
  readonly results: JestResults | undefined;
  /** What makes the run a failure beside failed tests. */
  readonly fault?: string;
}

/** Runs jest in one process, where open handles keep it from ending, and sees to it that it ends. */
export async function runJest(args: readonly string[], env: NodeJS.ProcessEnv): Promise<JestRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'etl-jest-'));
  const file = path.join(folder, 'results.json');
  // In a process group of its own, so that whatever tests started and left behind can be found and ended.
  const jest = spawn(process.execPath, [...JEST, '--runInBand', '--json', '--outputFile', file, ...args], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  let interrupted = false;
  const interrupt = (signal: NodeJS.Signals): void => {
    interrupted = true;
    signalGroup(jest, signal);
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    const leaked = await exitOrLeak(jest, file);
    const orphans = signalGroup(jest, 'SIGKILL');
    const results = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as JestResults) : undefined;
    return { results, fault: interrupted ? 'interrupted' : faultOf(leaked, orphans, results) };
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
    rmSync(folder, { recursive: true, force: true });
  }
}

function faultOf(leaked: boolean, orphans: boolean, results: JestResults | undefined): string | undefined {
  if (!results) return 'jest ended without results';
  if (leaked) return `a test left a handle open: jest had not ended ${LEAK_MS / 1000} s after its results`;
  if (orphans) return 'a test left a process running';
  return undefined;
}

async function exitOrLeak(jest: ChildProcess, resultsFile: string): Promise<boolean> {
  let finishedAt: number | undefined;
  let leaked = false;
  const watch = setInterval(() => {
    if (existsSync(resultsFile)) finishedAt ??= Date.now();
    if (finishedAt === undefined || Date.now() - finishedAt < LEAK_MS) return;
    leaked = true;
    signalGroup(jest, 'SIGKILL');
  }, 250);
  await once(jest, 'exit');
  clearInterval(watch);
  return leaked;
}

/** Whether anybody was there to be told. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    return false;
  }
}
