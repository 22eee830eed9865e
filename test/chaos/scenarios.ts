import type { Scenario } from './scenario.js';
import { allKinds } from './scenarios/all-kinds.js';
import { brokerAlarms, restartBroker } from './scenarios/broker.js';
import { cutConnections } from './scenarios/cuts.js';
import { difficultEt } from './scenarios/difficult-et.js';
import { everyMessageTwice } from './scenarios/disorder.js';
import { killAllServices, killOneProcess } from './scenarios/kill-all.js';
import { outage } from './scenarios/outages.js';
import { poisonedQueues } from './scenarios/poison.js';
import { crashDatabase, freezeBroker, freezeDatabase, killDatabase } from './scenarios/servers.js';
import { stalledLoader } from './scenarios/stalled-loader.js';
import { killEach, rollingRestarts, terminateEach } from './scenarios/signals.js';

/** The matrix; `share` of the faults of its full form, 1 for all of them. */
export function scenariosOf(share: number): readonly Scenario[] {
  const some = (faults: number) => Math.max(1, Math.round(faults * share));
  return [
    killOneProcess({ sessions: 6_000, kills: some(50) }),
    killAllServices({ sessions: 6_000, kills: some(50) }),
    killEach({ sessions: 6_000, times: some(50) }),
    terminateEach({ sessions: 6_000, times: some(35) }),
    rollingRestarts({ sessions: 6_000, times: some(100) }),
    cutConnections('AMQP_URL', { sessions: 6_000, cuts: some(30) }),
    cutConnections('DATABASE_URL', { sessions: 6_000, cuts: some(30) }),
    crashDatabase({ sessions: 6_000, times: some(10) }),
    killDatabase({ sessions: 6_000, times: some(10) }),
    restartBroker('SIGTERM', { sessions: 6_000, times: some(5) }),
    restartBroker('SIGKILL', { sessions: 6_000, times: some(5) }),
    brokerAlarms({ sessions: 6_000, times: some(4) }),
    freezeBroker({ sessions: 6_000, times: some(3) }),
    freezeDatabase({ sessions: 6_000, times: some(3) }),
    outage('ET', { sessions: 6_000, seconds: some(720) }),
    outage('database', { sessions: 6_000, seconds: some(720) }),
    stalledLoader({ sessions: 6_000, seconds: some(600) }),
    everyMessageTwice({ sessions: 6_000 }),
    difficultEt({ sessions: 3_000 }),
    poisonedQueues({ sessions: 1_200 }),
    allKinds({ sessions: 6_000, times: some(10) }),
  ];
}
