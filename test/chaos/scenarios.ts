import type { Scenario } from './scenario.js';
import { cutConnections } from './scenarios/cuts.js';
import { difficultEt } from './scenarios/difficult-et.js';
import { killAllServices, killOneProcess } from './scenarios/kill-all.js';
import { poisonedQueues } from './scenarios/poison.js';
import { crashDatabase, freezeServer } from './scenarios/servers.js';
import { killEach, terminateEach } from './scenarios/signals.js';

/** The matrix; `share` of the faults of its full form, 1 for all of them. */
export function scenariosOf(share: number): readonly Scenario[] {
  const some = (faults: number) => Math.max(1, Math.round(faults * share));
  return [
    killOneProcess({ sessions: 6_000, kills: some(20) }),
    killAllServices({ sessions: 6_000, kills: some(20) }),
    killEach({ sessions: 6_000, times: some(50) }),
    terminateEach({ sessions: 6_000, times: some(35) }),
    cutConnections('AMQP_URL', { sessions: 6_000, cuts: some(30) }),
    cutConnections('DATABASE_URL', { sessions: 6_000, cuts: some(30) }),
    crashDatabase({ sessions: 6_000, times: some(10) }),
    freezeServer('broker', { sessions: 6_000, times: some(3) }),
    freezeServer('database', { sessions: 6_000, times: some(3) }),
    difficultEt({ sessions: 3_000 }),
    poisonedQueues({ sessions: 1_200 }),
  ];
}
