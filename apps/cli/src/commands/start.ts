import { embeddedSettings, type Environment } from '#config';

import { startDemo, wantsDemo } from '../demo.js';
import { type ExitCode } from '../exit-codes.js';
import { tell, warn } from '../output.js';
import { databaseName } from '../preflight.js';
import { count } from '../report/numbers.js';
import { runEmbedded } from './run-embedded.js';

/** `npm start`: the daily run against the ET that is set, or a first look at a demo tenant. */
export async function start(environment: Environment, signal: AbortSignal): Promise<ExitCode> {
  if (!wantsDemo(environment) || environment.problems.length > 0) {
    return runEmbedded({ kind: 'sync' }, embeddedSettings(environment), signal);
  }
  const demo = await startDemo(environment);
  try {
    const settings = embeddedSettings(demo.environment);
    const told = `${count(demo.sessions)} made-up conversations\nof the last ${demo.days} days`;
    warn(`No ET_* is set, so this is a demo tenant: ${told}, read over HTTP from an emulated Ender Turing.\n`);
    const code = await runEmbedded({ kind: 'sync' }, settings, signal);
    if (!signal.aborted) tell(nextSteps(databaseName(settings.loader.database)));
    return code;
  } finally {
    await demo.close();
  }
}

function nextSteps(file: string): string[] {
  return [
    '',
    'What to do next:',
    `  look at the data       open ${file} with DB Browser for SQLite, DBeaver or sqlite3`,
    '  load your own tenant   cp .env.example .env, fill in ET_USER and ET_PASSWORD, then npm start',
    '  see how things stand   npx et-etl status (with your own tenant)',
    '  read more              README.md; npx et-etl --help',
  ];
}
