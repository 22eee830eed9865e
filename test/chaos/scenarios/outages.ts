import { setTimeout as pause } from 'node:timers/promises';

import { Cut } from '../../integration/cut.js';
import type { Scenario } from '../scenario.js';
import { until } from '../ways.js';
import { backfilling } from './backfilling.js';

export interface Size {
  readonly sessions: number;
  /** How long it is away once that was noticed. */
  readonly seconds: number;
}

const outages = {
  ET: { setting: 'ET_URL', waiting: 'waiting for Ender Turing', back: 'Ender Turing is back' },
  database: { setting: 'DATABASE_URL', waiting: 'waiting for database', back: 'database is back' },
} as const;

/** ET or the database cannot be reached, for longer than any message is held. */
export const outage = (what: keyof typeof outages, { sessions, seconds }: Size): Scenario => ({
  name: what === 'ET' ? 'et-away' : 'database-away',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    const { setting, waiting, back } = outages[what];
    let way: Cut | undefined;
    const over = async (url: string): Promise<string> => {
      way = new Cut(new URL(url));
      await way.mend();
      return way.url;
    };
    try {
      return await backfilling(
        { sessions },
        luck,
        async (running, { emulator }) => {
          await until(60, () => emulator.stats().requests > sessions / 3);
          await way?.cut();
          await until(60, () => running.said().includes(waiting));
          await pause(seconds * 1000);
          await way?.mend();
          await until(60, () => running.said().includes(back));
          return 1;
        },
        { over: { [setting]: over } },
      );
    } finally {
      await way?.cut();
    }
  },
});
