import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** What one finished process took. */
export interface Usage {
  readonly code: number | null;
  readonly seconds: number;
  /** Peak resident memory, MiB. */
  readonly peakMiB: number;
  /** The last lines it printed, for a failure. */
  readonly tail: string;
}

/** The flags of Node with which `npm start` runs, so that its memory is what is measured. */
export const nodeFlags = (
  JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
).scripts.start
  .split(' ')
  .filter((word) => word.startsWith('--'));

/** Runs one compiled program of this repository to its end, watching its memory. Linux only. */
export async function runProgram(file: string, args: string[], env: Record<string, string>): Promise<Usage> {
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlags, file, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (tail = (tail + text).slice(-4000)));
  }
  let peakMiB = 0;
  const watch = setInterval(() => (peakMiB = Math.max(peakMiB, peakOf(child.pid))), 100);
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  clearInterval(watch);
  return { code, seconds: (performance.now() - started) / 1000, peakMiB, tail };
}

/** Peak resident memory of a running process, MiB; 0 once it is gone. */
export function peakOf(pid: number | undefined): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kilobytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}

/** Seconds of processor time a running process has taken, its kernel's included; 0 once it is gone. */
export function cpuSecondsOf(pid: number | undefined): number {
  try {
    // Behind the name, which may hold spaces: utime and stime are fields 14 and 15 of proc(5), in hundredths everywhere.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}

/** The emulator as a process of its own, so that its work is not counted. */
export interface EmulatorProcess {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  requests(): Promise<number>;
  stop(): Promise<void>;
}

export async function startEmulatorProcess(options: Record<string, string | number>): Promise<EmulatorProcess> {
  const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, ['dist/test/emulator/main.js', '--port', '0', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const first = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', resolve);
    child.once('error', reject).once('close', () => reject(new Error('the emulator did not start')));
  });
  const { url, user, password } = JSON.parse(first) as { url: string; user: string; password: string };
  return {
    url,
    user,
    password,
    requests: async () => {
      const stats = (await (await fetch(`${url}/_emulator/stats`)).json()) as { requests: number };
      return stats.requests;
    },
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
