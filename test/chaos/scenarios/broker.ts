import { setTimeout as pause } from 'node:timers/promises';

import type { EmulatorOptions } from '../../emulator/emulator.js';
import type { Random } from '../../emulator/generate/random.js';
import type { Cut } from '../../support/cut.js';
import { findRabbit, startRabbit, type OwnRabbit } from '../../support/servers/rabbitmq.js';
import { until } from '../../support/until.js';
import { depths, passed } from '../broker-traffic.js';
import type { Ground } from '../ground.js';
import type { Outcome, Scenario } from '../scenario.js';
import type { Services } from '../ways.js';
import { backfilling, type Circumstances, type Server } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  readonly times: number;
}

/** Killed sooner, a broker may lose the leader of the queue that was declared last, and what lay in it. */
export const SETTLED_MS = 10_000;
const PEACE_MS = 3_000;
const AWAY_MS = 2_000;
const STILL_MS = 2_000;

/** The broker ends amid its work, and comes back with what it kept: every queue, and every message in it. */
export const restartBroker = (signal: 'SIGTERM' | 'SIGKILL', { sessions, times }: Size): Scenario => ({
  name: signal === 'SIGTERM' ? 'terminate-broker' : 'kill-broker',
  needs: ['postgresql'],
  run: (luck) =>
    overOwnBroker({ sessions }, luck, async (broker, running) => {
      await pause(SETTLED_MS);
      for (let time = 0; time < times; time += 1) {
        await pause(luck.below(PEACE_MS));
        if (await running.idle()) await running.order('--force');
        await endForAWhile(broker, signal, luck);
      }
      return times;
    }),
});

/** An alarm of the broker's memory, then of its disk: who publishes waits, who consumes goes on. */
export const brokerAlarms = ({ sessions, times }: Size): Scenario => ({
  name: 'broker-alarms',
  needs: ['postgresql'],
  run: (luck) =>
    overOwnBroker({ sessions }, luck, async (broker, running, ground) => {
      for (let time = 0; time < times; time += 1) {
        await pause(luck.below(PEACE_MS));
        if (await running.idle()) await running.order('--force');
        await alarm(broker, time % 2 === 0 ? 'memory' : 'disk', () => standsStill(ground));
      }
      return times;
    }),
});

/**
 * Three services that read a backfill over a broker that is only theirs. It forgets what it counted when it ends, so it is
 * asked before: what passed in the last seconds of each of its lives is not in the figures.
 */
export async function overOwnBroker<S extends Server = never>(
  tenant: EmulatorOptions,
  luck: Random,
  trouble: (broker: OwnRabbit, running: Services, ground: Ground, ways: Readonly<Record<S, Cut>>) => Promise<number>,
  circumstances: Pick<Circumstances<S>, 'over'> = {},
): Promise<Outcome> {
  const programs = findRabbit();
  if (programs === undefined) throw new Error('no programs of RabbitMQ on this machine, to start and end a broker');
  const broker = await startRabbit(programs);
  let [messages, duplicates] = [0, 0];
  const count = async (): Promise<void> => {
    const life = await passed(broker.url, broker.managementUrl);
    messages += life.messages ?? 0;
    duplicates += life.duplicates ?? 0;
  };
  const counting: OwnRabbit = { ...broker, end: (signal) => count().then(() => broker.end(signal)) };
  try {
    const own = { ...circumstances, broker };
    const outcome = await backfilling<S>(tenant, luck, (...made) => trouble(counting, ...made), own);
    await count();
    return { ...outcome, messages, duplicates };
  } finally {
    await broker.stop();
  }
}

export async function endForAWhile(broker: OwnRabbit, signal: 'SIGTERM' | 'SIGKILL', luck: Random): Promise<void> {
  await broker.end(signal);
  await pause(luck.below(AWAY_MS));
  await broker.begin();
}

const limits = {
  memory: { name: 'set_vm_memory_high_watermark', alarming: '0.0001', usual: '0.4' },
  disk: { name: 'set_disk_free_limit', alarming: '900GB', usual: '50MB' },
} as const;

/** An alarm for as long as `during` takes. */
export async function alarm(
  broker: OwnRabbit,
  what: keyof typeof limits,
  during: () => Promise<unknown>,
): Promise<void> {
  const { name, alarming, usual } = limits[what];
  await broker.control(name, alarming);
  await during();
  await broker.control(name, usual);
}

/** Resolves once nothing more is asked of ET, and what lay in the queues was taken all the same. */
async function standsStill({ emulator, settings }: Ground): Promise<void> {
  const amqpUrl = settings['AMQP_URL'] ?? '';
  let asked = -1;
  const isStill = async () => {
    const before = asked;
    asked = emulator.stats().requests;
    return asked === before && (await depths(amqpUrl, '', ['raw', 'rows'])).every((depth) => depth === 0);
  };
  await until('nothing is asked of ET', isStill, 120_000, STILL_MS);
}
