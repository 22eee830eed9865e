import { luckOf } from '../chaos/scenario.js';
import { killAllServices, killOneProcess } from '../chaos/scenarios/kill-all.js';
import { describeWith } from '../support/suites.js';

const sound = { wrong: [], lost: 0, twice: 0, stale: 0, deadLetters: 0 };
const size = { sessions: 1_200, kills: 3 };
/** Its moments leave work for the last kill, which would prove nothing otherwise. */
const SEED = 44;

describe('a backfill of 30 days in one process, killed three times', () => {
  it('leaves the database as ET has it, and reads nothing again that was verified', async () => {
    const scenario = killOneProcess(size);
    expect(await scenario.run(luckOf(scenario, SEED))).toMatchObject({ ...sound, faults: 3 });
  }, 120_000);
});

describeWith(['rabbitmq', 'postgresql'], 'a backfill of 30 days by three services, all killed three times', () => {
  it('leaves the database as ET has it, and reads nothing again that was verified', async () => {
    const scenario = killAllServices(size);
    expect(await scenario.run(luckOf(scenario, SEED))).toMatchObject({ ...sound, faults: 3 });
  }, 120_000);
});
