import type { Scenario } from './scenario.js';
import { killAllServices, killOneProcess } from './scenarios/kill-all.js';

/** The matrix: every scenario in its full form. */
export const scenarios: readonly Scenario[] = [
  killOneProcess({ sessions: 6_000, kills: 20 }),
  killAllServices({ sessions: 6_000, kills: 20 }),
];
