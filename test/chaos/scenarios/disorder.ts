import { embeddedSettings } from '#config';

import { disorderedServices } from '../../e2e/disordered.js';
import { runCli } from '../../e2e/processes.js';
import { Ground } from '../ground.js';
import type { Scenario } from '../scenario.js';
import { verdict } from '../verdict.js';
import { DAYS } from './backfilling.js';

/** Every message of a backfill is delivered twice, and all in an order of chance. */
export const everyMessageTwice = ({ sessions }: { readonly sessions: number }): Scenario => ({
  name: 'every-message-twice',
  needs: ['rabbitmq', 'postgresql'],
  run: async (luck) => {
    const seed = luck.below(1000);
    const ground = await Ground.services({ seed, sessions, days: DAYS, latencyMs: 20 });
    const { settings, folder } = ground;
    const { extractor, loader } = embeddedSettings({ folder, values: settings, faults: {}, problems: [] });
    const services = await disorderedServices({ extractor, loader, seed }, settings['AMQP_URL'] ?? '');
    const sum = (of: (backend: (typeof services.backends)[number]) => number) =>
      services.backends.reduce((total, backend) => total + of(backend), 0);
    try {
      const { code, stderr } = await runCli(['backfill', ...ground.range, '--wait'], settings, folder);
      const wrong = code === 0 ? [] : [`the backfill ended with ${code}: ${stderr}`];
      const duplicates = sum(({ repeated }) => repeated);
      const outcome = await verdict(ground, { faults: duplicates, readAgain: 0, wrong });
      const retried = sum(({ tally }) => Object.values(tally.read()).reduce((all, stage) => all + stage.retried, 0));
      const used = retried === 0 ? [] : [`${retried} attempts were used up`];
      return { ...outcome, duplicates, wrong: [...outcome.wrong, ...used] };
    } finally {
      await services.close();
      await ground.close();
    }
  },
});
