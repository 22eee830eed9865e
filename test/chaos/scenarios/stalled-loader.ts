import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

import { until } from '../../support/until.js';
import { managed } from '../broker-traffic.js';
import type { Ground } from '../ground.js';
import type { Scenario } from '../scenario.js';
import type { Service, Services } from '../ways.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  /** How long there is no loader. */
  readonly seconds: number;
}

/** What the services are given in `k8s/base`: above it they would be ended. */
const MOST_MEMORY = { extractor: 512, transformer: 512, loader: 1024 } as const satisfies Record<Service, number>;
/** Bytes of a work queue in this scenario: far below what waits for the loader. */
const QUEUE_BYTES = 40_000;
/** A quorum queue takes some more before it refuses: what was on its way by then (measured: three times as much). */
const OVERSHOOT = 6;
const LOOK_MS = 500;
const MB = 1024 * 1024;

/** A backfill whose loader is away for long: nobody grows, queues stay at their limit, ET is left in peace. */
export const stalledLoader = ({ sessions, seconds }: Size): Scenario => ({
  name: 'stalled-loader',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    const wrong: string[] = [];
    const noted: string[] = [];
    const outcome = await backfilling({ sessions }, luck, async (running, ground) => {
      await limitQueues(ground);
      await until('it is read', () => ground.emulator.stats().requests >= sessions / 10, 60_000);
      await running.stop(['loader']);
      const without = await watch(running, ground, seconds);
      await running.start(['loader']);
      const after = await watch(running, ground, seconds / 10);
      wrong.push(...boundsBroken(without), ...boundsBroken(after), ...restBroken(without));
      noted.push(`without a loader ${figures(without)}`, `once it was back ${figures(after)}`);
      return 1;
    });
    return { ...outcome, noted, wrong: [...outcome.wrong, ...wrong] };
  },
});

interface Seen {
  /** Most megabytes of each process. */
  readonly memory: Map<Service, number>;
  /** Most bytes of ready messages in one work queue. */
  queue: number;
  /** Requests to ET in each half of the time. */
  readonly requests: readonly [number, number];
}

async function watch(running: Services, ground: Ground, seconds: number): Promise<Seen> {
  const memory = new Map<Service, number>();
  let queue = 0;
  const counts = [ground.emulator.stats().requests];
  for (const half of [1, 2]) {
    for (const end = Date.now() + (seconds * 1000) / 2; Date.now() < end; await pause(LOOK_MS)) {
      for (const [service, pid] of running.pids()) {
        memory.set(service, Math.max(memory.get(service) ?? 0, megabytesOf(pid)));
      }
      queue = Math.max(queue, await fullest(ground));
    }
    counts[half] = ground.emulator.stats().requests;
  }
  const [before = 0, middle = 0, after = 0] = counts;
  return { memory, queue, requests: [middle - before, after - middle] };
}

function boundsBroken({ memory, queue }: Seen): string[] {
  const grown = [...memory].filter(([service, megabytes]) => megabytes > MOST_MEMORY[service]);
  return [
    ...grown.map(([service, megabytes]) => `the ${service} grew to ${megabytes} MB`),
    ...(queue > QUEUE_BYTES * OVERSHOOT ? [`a queue grew to ${queue} bytes`] : []),
  ];
}

/** Where nothing can be loaded for long. */
function restBroken({ memory, requests }: Seen): string[] {
  return [
    ...(memory.size === 2 ? [] : [`${memory.size} services were there without a loader`]),
    ...(requests[1] === 0 ? [] : [`ET was asked ${requests[1]} times when nothing could be loaded for long`]),
  ];
}

function figures({ memory, queue, requests }: Seen): string {
  const each = [...memory].map(([service, megabytes]) => `${service} ${megabytes} MB`).join(', ');
  return `at most: ${each}; fullest queue ${queue} bytes; requests to ET ${requests.join(', then ')}`;
}

/** Resident memory of a process. */
function megabytesOf(pid: number): number {
  const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
  return Math.round((kilobytes * 1024) / MB);
}

/** A policy of the broker's: of two limits the lower holds, and what happens at it is as the queue was declared. */
async function limitQueues(ground: Ground): Promise<void> {
  const policy = { pattern: '\\.v1$', definition: { 'max-length-bytes': QUEUE_BYTES }, 'apply-to': 'queues' };
  await managed('PUT', `policies/${vhostOf(ground)}/short`, policy);
}

async function fullest(ground: Ground): Promise<number> {
  const queues = (await managed('GET', `queues/${vhostOf(ground)}`)) as {
    name: string;
    message_bytes_ready?: number;
  }[];
  const work = queues.filter(({ name }) => name.endsWith('.v1'));
  return Math.max(...work.map(({ message_bytes_ready: bytes = 0 }) => bytes));
}

function vhostOf({ settings }: Ground): string {
  return new URL(settings['AMQP_URL'] ?? '').pathname.slice(1);
}
