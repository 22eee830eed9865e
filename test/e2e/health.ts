import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { dist } from './processes.js';

/** What a service says of itself over HTTP. */
export interface Said {
  /** 0 where nobody answers. */
  readonly status: number;
  readonly text: string;
}

export interface Parts {
  readonly status: string;
  readonly details: Record<string, { status: string; state?: string; paused?: string[]; waitingFor?: unknown }>;
}

export async function hear(port: number, what: '/healthz' | '/readyz' | '/metrics'): Promise<Said> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}${what}`);
    return { status: answer.status, text: await answer.text() };
  } catch {
    return { status: 0, text: '' };
  }
}

/** Waits until `/readyz` answers so; gives what its parts say. */
export async function standing(port: number, status: 200 | 503, holds: (parts: Parts) => boolean = () => true) {
  let last: Said = { status: 0, text: '' };
  for (const end = Date.now() + 30_000; Date.now() < end; await pause(25)) {
    last = await hear(port, '/readyz');
    if (last.status !== status) continue;
    const parts = JSON.parse(last.text) as Parts;
    if (holds(parts)) return parts;
  }
  throw new Error(`waited in vain for ${status}; last was ${last.status} ${last.text}`);
}

/** What Docker's health check does. */
export async function askOwn(port: number, ...args: string[]): Promise<number | null> {
  const ask = path.join(dist, 'libs/health/src/ask.js');
  const child = spawn(process.execPath, [ask, ...args], { env: { HTTP_PORT: String(port) }, stdio: 'ignore' });
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}
