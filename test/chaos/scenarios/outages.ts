import { setTimeout as pause } from 'node:timers/promises';

import { until } from '../../support/until.js';
import type { Scenario } from '../scenario.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  /** How long it is away once that was noticed. */
  readonly seconds: number;
}

const NOTICED_MS = 60_000;

const outages = {
  ET: { server: 'ET_URL', waiting: 'waiting for Ender Turing', back: 'Ender Turing is back' },
  database: { server: 'DATABASE_URL', waiting: 'waiting for database', back: 'database is back' },
} as const;

/** ET or the database cannot be reached, for longer than any message is held. */
export const outage = (what: keyof typeof outages, { sessions, seconds }: Size): Scenario => ({
  name: what === 'ET' ? 'et-away' : 'database-away',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) => {
    const { server, waiting, back } = outages[what];
    return backfilling(
      { sessions },
      luck,
      async (running, { emulator }, { [server]: way }) => {
        await until('it is in the middle', () => emulator.stats().requests > sessions / 3, NOTICED_MS);
        await way.cut();
        await until('it is noticed', () => running.said().includes(waiting), NOTICED_MS);
        await pause(seconds * 1000);
        await way.mend();
        await until('that is noticed too', () => running.said().includes(back), NOTICED_MS);
        return 1;
      },
      { over: [server] },
    );
  },
});
