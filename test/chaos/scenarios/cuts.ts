import { setTimeout as pause } from 'node:timers/promises';

import type { Scenario } from '../scenario.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  readonly cuts: number;
}

const PEACE_MS = 3_000;
const AWAY_MS = 1_500;

/** Connections to the broker, or to the database, are cut in mid-frame, and refused for a while. */
export const cutConnections = (what: 'AMQP_URL' | 'DATABASE_URL', { sessions, cuts }: Size): Scenario => ({
  name: what === 'AMQP_URL' ? 'cut-broker-connections' : 'cut-database-connections',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    let halved = 0;
    const outcome = await backfilling(
      { sessions },
      luck,
      async (running, _ground, { [what]: way }) => {
        for (let cut = 0; cut < cuts; cut += 1) {
          await pause(luck.below(PEACE_MS));
          if (await running.idle()) await running.order('--force');
          halved += await way.cutInMidFrame();
          await pause(luck.below(AWAY_MS));
          await way.mend();
        }
        return cuts;
      },
      { over: [what] },
    );
    return { ...outcome, noted: [`${halved} times a stream ended in mid-frame`] };
  },
});
