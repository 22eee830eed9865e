import { setTimeout as pause } from 'node:timers/promises';

import type { Random } from '../../emulator/generate/random.js';
import type { Cut } from '../../support/cut.js';
import { someMoment } from '../moments.js';
import type { Scenario } from '../scenario.js';
import { type Service, type Services, services } from '../ways.js';
import { alarm, endForAWhile, overOwnBroker, SETTLED_MS } from './broker.js';

export interface Size {
  readonly sessions: number;
  /** How often each kind of trouble is made. */
  readonly times: number;
}

const AWAY_MS = 2_000;
const faultyTenth = [
  { fault: 'status', status: 503, probability: 0.04 },
  { fault: 'reset', probability: 0.03 },
  { fault: 'truncated', probability: 0.03 },
] as const;

/** Every kind of trouble within one backfill, in an order of chance. */
export const allKinds = ({ sessions, times }: Size): Scenario => ({
  name: 'all-kinds',
  needs: ['postgresql'],
  run: (luck) =>
    overOwnBroker(
      { sessions },
      luck,
      async (broker, running, { emulator }, ways) => {
        const kinds = [
          () => killOne(running, luck.pick(services)),
          () => running.replace(luck.pick(services)),
          ...Object.values(ways).map((way) => () => cutForAWhile(way, luck)),
          () => endForAWhile(broker, luck.pick(['SIGTERM', 'SIGKILL']), luck),
          () => alarm(broker, luck.pick(['memory', 'disk']), () => pause(AWAY_MS)),
        ];
        const order = Array.from({ length: times }, () => kinds).flat();
        emulator.faults.set(faultyTenth);
        await pause(SETTLED_MS);
        for (let left = order.length; left > 0; left -= 1) {
          if (await running.idle()) await running.order('--force');
          await someMoment(emulator, sessions / 4, luck);
          await order.splice(luck.below(left), 1)[0]?.();
        }
        emulator.faults.clear();
        return times * kinds.length;
      },
      { over: ['ET_URL', 'DATABASE_URL', 'AMQP_URL'] },
    ),
});

async function killOne(running: Services, service: Service): Promise<void> {
  await running.kill([service]);
  await running.start([service]);
}

async function cutForAWhile(way: Cut, luck: Random): Promise<void> {
  await way.cutInMidFrame();
  await pause(luck.below(AWAY_MS));
  await way.mend();
}
