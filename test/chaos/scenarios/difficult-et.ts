import type { FaultInput } from '../../emulator/serve/faults.js';
import type { Scenario } from '../scenario.js';
import { backfilling } from './backfilling.js';

const rate = 0.1;
const ofAnswers: readonly FaultInput[] = [
  { fault: 'status', status: 401 },
  { fault: 'status', status: 429, retryAfter: 1 },
  { fault: 'status', status: 429, retryAfter: 1, retryAfterAs: 'date' },
  { fault: 'status', status: 500 },
  { fault: 'status', status: 503 },
  { fault: 'reset' },
  { fault: 'truncated' },
  { fault: 'html' },
  { fault: 'slow', ms: 200 },
];
const ofContent: readonly FaultInput[] = [
  { fault: 'empty-page', probability: rate },
  { fault: 'missing-item', probability: rate },
  { fault: 'inserted', probability: rate },
];

/** Every fault of the emulator: a tenth of all answers fail as a whole, a tenth of the listings lie in each way. */
export const difficultEt = ({ sessions }: { readonly sessions: number }): Scenario => ({
  name: 'difficult-et',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) => {
    const faults = [...ofContent, ...ofAnswers.map((fault) => ({ ...fault, probability: rate / ofAnswers.length }))];
    return backfilling({ sessions, faults }, luck, async (running, { emulator }) => {
      await running.finished();
      const injected = Object.values(emulator.stats().faults).reduce((sum, times) => sum + times, 0);
      // What could not be proven is read again, now that ET is itself.
      emulator.faults.clear();
      await running.order();
      return injected;
    });
  },
});
