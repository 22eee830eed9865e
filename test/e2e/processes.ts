import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** The compiled apps: this file itself may be compiled, and lie among them. */
export const dist = path.basename(root) === 'dist' ? root : path.join(root, 'dist');

/** What a process said and how it ended; `code` is null where a signal ended it. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** What it said so far, on both streams. */
  said(): string;
  /** Asks it to end, as Docker and Kubernetes do, and waits. */
  stop(): Promise<Ended>;
}

/** Settings of one process: nothing of the shell's own. */
export type Settings = Readonly<Record<string, string>>;

/** Starts one compiled app of this repository, or of another build, as a process of its own; in a folder that ends with it. */
export function startApp(
  app: 'cli' | 'extractor' | 'transformer' | 'loader',
  args: string[],
  settings: Settings,
  given?: string,
  build = dist,
): Started {
  const folder = given ?? mkdtempSync(path.join(tmpdir(), 'etl-e2e-'));
  const child = spawn(process.execPath, [path.join(build, 'apps', app, 'src/main.js'), ...args], {
    cwd: folder,
    // Several services run at a time, and none asks after their health unless a test says where.
    env: { PATH: process.env['PATH'] ?? '', HTTP_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => {
      if (given === undefined) rmSync(folder, { recursive: true });
      resolve({ code, ...said });
    });
  });
  return {
    child,
    ended,
    said: () => said.stdout + said.stderr,
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Runs `et-etl` to its end. */
export function runCli(args: string[], settings: Settings, folder?: string): Promise<Ended> {
  return startApp('cli', args, settings, folder).ended;
}

/** The three services, so many of each, over one broker and database. */
export function startServices(replicas: number, settings: Settings): { stop(): Promise<Ended[]> } {
  const apps = (['loader', 'transformer', 'extractor'] as const).flatMap((app) =>
    Array.from({ length: replicas }, () => startApp(app, [], settings)),
  );
  return { stop: () => Promise.all(apps.map((app) => app.stop())) };
}
