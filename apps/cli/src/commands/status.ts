import { setTimeout as pause } from 'node:timers/promises';

import { operatorSettings, type Environment } from '#config';
import type { Gaps, StatusReport } from '#contracts';

import { dayAt } from '../../../extractor/src/planning/days.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { readGaps, readStatus } from '../ledger.js';
import { outputWidth, redraw, tell } from '../output.js';
import { gapLines, isComplete } from '../report/gaps.js';
import { statusLines } from '../report/status.js';
import { askLoader, type Remote } from './remote.js';

const WATCH_MS = 2_000;
const NOTHING = 'Nothing is loaded yet: et-etl run starts.';

/** How everything stands: asked of the running services, or read from the database of the one process. */
export async function status(environment: Environment, remote: Remote | undefined, json: boolean): Promise<ExitCode> {
  const report = await statusOf(environment, remote);
  tell(json ? [JSON.stringify(report)] : linesOf(report));
  return exitCodes.verified;
}

/** The same again and again, until the signal. */
export async function watchStatus(
  environment: Environment,
  remote: Remote | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  while (!signal.aborted) {
    redraw(linesOf(await statusOf(environment, remote)));
    await pause(WATCH_MS, undefined, { signal }).catch(() => undefined);
  }
  return exitCodes.verified;
}

/** What keeps the database from being complete; the exit code tells whether anything does. */
export async function tellGaps(environment: Environment, remote: Remote | undefined, json: boolean): Promise<ExitCode> {
  const gaps = await gapsIn(environment, remote);
  if (json) tell([JSON.stringify(gaps)]);
  else tell(gaps ? gapLines(gaps) : [NOTHING]);
  return gaps && isComplete(gaps) ? exitCodes.verified : exitCodes.failed;
}

function linesOf(report: StatusReport | null): string[] {
  return report ? statusLines(report, outputWidth()) : [NOTHING];
}

async function statusOf(environment: Environment, remote: Remote | undefined): Promise<StatusReport | null> {
  if (!remote) return readStatus(environment);
  return (await askLoader({ type: 'status', today: todayIn(environment) }, remote)).status;
}

async function gapsIn(environment: Environment, remote: Remote | undefined): Promise<Gaps | null> {
  if (!remote) return readGaps(environment);
  return (await askLoader({ type: 'gaps', today: todayIn(environment) }, remote)).gaps;
}

function todayIn(environment: Environment): string {
  return dayAt(new Date(), operatorSettings(environment).timezone);
}
