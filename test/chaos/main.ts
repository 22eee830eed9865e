/**
 * `npm run chaos`: every scenario in its full form, and a table of what came of them. `--only <part of a name>` picks
 * some, `--seed <number>` makes other moments of chance, `--share 0.1` injects a tenth of the faults.
 */
import { parseArgs } from 'node:util';

import { handOver } from '../support/servers/handed.js';
import { provideServers } from '../support/servers/provide.js';
import { noTraffic } from './broker-traffic.js';
import { report, type Line } from './report.js';
import { luckOf, type Outcome } from './scenario.js';
import { scenariosOf } from './scenarios.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    seed: { type: 'string', default: '1' },
    share: { type: 'string', default: '1' },
  },
});
const chosen = scenariosOf(Number(values.share)).filter(({ name }) => name.includes(values.only));
const provided = await provideServers([...new Set(chosen.flatMap(({ needs }) => needs))], {
  durable: true,
  say: console.log,
});
const lines: Line[] = [];
try {
  handOver(provided, console.log);
  for (const scenario of chosen) {
    if (scenario.needs.some((kind) => provided.missing.has(kind))) continue;
    const begun = performance.now();
    const outcome = await scenario.run(luckOf(scenario, Number(values.seed))).catch(brokenOff);
    const line = { ...outcome, scenario: scenario.name, seconds: (performance.now() - begun) / 1000 };
    lines.push(line);
    console.log(`${new Date().toISOString()} ${report([line]).split('\n').slice(2).join('\n')}`);
  }
} finally {
  await provided.stop();
}
console.log(`\nSeed ${values.seed}\n\n${report(lines)}`);
process.exit(lines.length === chosen.length && lines.every(({ wrong }) => wrong.length === 0) ? 0 : 1);

function brokenOff(error: unknown): Outcome {
  const wrong = [`broken off: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`];
  return { ...noTraffic, faults: 0, readAgain: 0, rows: 0, lost: 0, twice: 0, stale: 0, wrong };
}
