import { luckOf } from '../chaos/scenario.js';
import { stalledLoader } from '../chaos/scenarios/stalled-loader.js';
import { describeWith } from '../support/suites.js';

const sound = { wrong: [], lost: 0, twice: 0, stale: 0, deadLetters: 0 };

describeWith(['rabbitmq', 'postgresql'], 'a backfill whose loader is away for a while', () => {
  it('waits within its bounds, asks nothing of ET meanwhile, and ends as ET has it', async () => {
    const scenario = stalledLoader({ sessions: 1_500, seconds: 24 });
    expect(await scenario.run(luckOf(scenario, 41))).toMatchObject(sound);
  }, 180_000);
});
