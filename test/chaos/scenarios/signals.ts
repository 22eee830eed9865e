import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '../../emulator/generate/random.js';
import type { Scenario } from '../scenario.js';
import { type Service, type Services, services } from '../ways.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  /** Signals to each service. */
  readonly times: number;
}

/** The longest time that all are left in peace. */
const PEACE_MS = 2_000;

/** kill -9 of one service after the other, at moments of chance, while the others go on. */
export const killEach = ({ sessions, times }: Size): Scenario => ({
  name: 'kill-each-service',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling({ sessions }, luck, (running) => oneAfterTheOther(running, times, luck, (one) => running.kill([one]))),
});

/** SIGTERM of one service after the other, as a rolling restart sends it. Each has to end with 0. */
export const terminateEach = ({ sessions, times }: Size): Scenario => ({
  name: 'terminate-each-service',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling({ sessions }, luck, (running) => oneAfterTheOther(running, times, luck, (one) => running.stop([one]))),
});

/** All services replaced, each by another of the same that is at work before it ends, again and again. */
export const rollingRestarts = ({ sessions, times }: Size): Scenario => ({
  name: 'rolling-restarts',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling({ sessions }, luck, async (running) => {
      for (let time = 0; time < times; time += 1) {
        for (const service of services) {
          await pause(luck.below(PEACE_MS) / 4);
          if (await running.idle()) await running.order('--force');
          await running.replace(service);
        }
      }
      return times * services.length;
    }),
});

async function oneAfterTheOther(
  running: Services,
  times: number,
  luck: Random,
  end: (service: Service) => Promise<void>,
): Promise<number> {
  const left = services.flatMap((service) => Array.from({ length: times }, () => service));
  const faults = left.length;
  while (left.length > 0) {
    const [service] = left.splice(luck.below(left.length), 1);
    await pause(luck.below(PEACE_MS));
    if (!service) break;
    if (await running.idle()) await running.order('--force');
    await end(service);
    await running.start([service]);
  }
  return faults;
}
