import { luckOf } from '../chaos/scenario.js';
import { allKinds } from '../chaos/scenarios/all-kinds.js';
import { findRabbit } from '../support/servers/rabbitmq.js';
import { describeWith, SKIPPED } from '../support/suites.js';

const suite = 'a backfill of 30 days by three services, amid every kind of trouble';
const reason = 'no programs of RabbitMQ on this machine, to start and end a broker of its own';

/** The short form of `npm run chaos`: one of each kind, in an order that the seed decides. */
describeWith('postgresql', findRabbit() === undefined ? `${suite}${SKIPPED}${reason}` : suite, () => {
  (findRabbit() === undefined ? it.skip : it)(
    'leaves the database as ET has it, no dead letter, and no attempt used up',
    async () => {
      const scenario = allKinds({ sessions: 1_200, times: 1 });
      const sound = { wrong: [], lost: 0, twice: 0, stale: 0, deadLetters: 0 };
      expect(await scenario.run(luckOf(scenario, 41))).toMatchObject(sound);
    },
    300_000,
  );
});
