import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export interface Account {
  readonly uid: number;
  readonly gid: number;
}

export interface ServerProcess {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** The root folder by default: other accounts may not enter ours. */
  readonly cwd?: string;
  /** Another account than ours, for servers that refuse to run as root. */
  readonly account?: Account;
  /** Sent to the server's group of processes. Data is thrown away, so the quickest one that leaves nothing behind. */
  readonly stopSignal: NodeJS.Signals;
}

export interface Running {
  /** What the server printed so far, its end. */
  output(): string;
  exited(): boolean;
  /** Resolves once the process is gone, by force after ten seconds. */
  stop(): Promise<void>;
}

/** A pipe on descriptor 3 closes when the runner dies, however it dies; then its group of processes is ended too. */
const GUARD = '(read _ <&3; kill -s "$0" -- -$$) 2>/dev/null & exec 3<&-; exec "$@"';

export function startServer({ command, args, env, cwd, account, stopSignal }: ServerProcess): Running {
  const child = spawn('/bin/sh', ['-c', GUARD, stopSignal.replace('SIG', ''), command, ...args], {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...env },
    cwd: cwd ?? '/',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...account,
  });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-4000);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', (error) => (printed += error.message));
  // Only the guard, and what the server itself left, is then still in the group.
  child.on('exit', () => signalGroup(child, 'SIGKILL'));
  return {
    output: () => printed,
    exited: () => hasExited(child),
    stop: () => stopChild(child, stopSignal),
  };
}

const hasExited = (child: ChildProcess): boolean =>
  child.pid === undefined || child.exitCode !== null || child.signalCode !== null;

async function stopChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (hasExited(child)) return;
  const exit = once(child, 'exit');
  signalGroup(child, signal);
  const force = setTimeout(() => signalGroup(child, 'SIGKILL'), 10_000);
  await exit;
  clearTimeout(force);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // Nobody is left in it.
  }
}

/** Runs a program to its end. Throws with its output where it fails. */
export async function run(
  command: string,
  args: readonly string[],
  options: Partial<ServerProcess> = {},
): Promise<string> {
  const child = spawn(command, args, {
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
    cwd: options.cwd ?? '/',
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options.account,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${path.basename(command)} failed: ${output.trim().slice(-1500)}`);
  return output;
}

/** Whether a process still does anything: one that is dead may wait long for whoever inherited it to notice. Linux only. */
export function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Waits until `probe` is true. Throws with the server's last words where it exits, or after `seconds`. */
export async function waitUntil(
  what: string,
  server: Running,
  probe: () => Promise<boolean>,
  seconds = 60,
): Promise<void> {
  for (const deadline = Date.now() + seconds * 1000; ; await pause(50)) {
    if (await probe()) return;
    if (server.exited()) throw new Error(`${what} ended at once: ${server.output().trim()}`);
    if (Date.now() > deadline) {
      await server.stop();
      throw new Error(`${what} did not answer within ${seconds} s: ${server.output().trim()}`);
    }
  }
}

export async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' });
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** An account that is not root: the first of the names that exists, where we are root ourselves. */
export function accountFor(...names: string[]): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const found = names.map((name) => accounts.find(([candidate]) => candidate === name)).find(Boolean);
  return found && { uid: Number(found[2]), gid: Number(found[3]) };
}

/** A private folder that goes away with `remove`. */
export function privateFolder(name: string, account?: Account): { folder: string; remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), `etl-${name}-`));
  if (account) chownSync(folder, account.uid, account.gid);
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
