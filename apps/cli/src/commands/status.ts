import { setTimeout as pause } from 'node:timers/promises';

import { operatorSettings, type Environment } from '#config';
import type { Gaps } from '#contracts';

import { dayAt } from '../../../extractor/src/planning/days.js';
import { connectBroker, type Remote } from '../broker.js';
import { exitCodes, PreflightError, type ExitCode } from '../exit-codes.js';
import { readGaps, readStatus } from '../ledger.js';
import { outputWidth, redraw, tell } from '../output.js';
import { gapLines, isComplete } from '../report/gaps.js';
import { statusLines, type Standing } from '../report/status.js';
import { ANSWER_MS, answered, askLoader } from './remote.js';

const WATCH_MS = 2_000;
const NOTHING = 'Nothing is loaded yet: et-etl run starts.';

/**
 * How everything stands: asked of the broker and the running services, or read from the database of the one process.
 * Fails where no loader answers, and throws `PreflightError` where there is no broker.
 */
export async function status(environment: Environment, remote: Remote | undefined, json: boolean): Promise<ExitCode> {
  const standing = await standingOf(environment, remote);
  if (json) tell([JSON.stringify(jsonOf(standing))]);
  else tell(linesOf(standing));
  return standing.silence.length > 0 && !standing.report ? exitCodes.failed : exitCodes.verified;
}

/** The same again and again, until the signal, with the broker away as well. */
export async function watchStatus(
  environment: Environment,
  remote: Remote | undefined,
  signal: AbortSignal,
): Promise<ExitCode> {
  while (!signal.aborted) {
    redraw(linesOf(await standingOf(environment, remote).catch(silenceOf)));
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

function linesOf(standing: Standing): string[] {
  const lines = statusLines(standing, outputWidth());
  return lines.length > 0 ? lines : [NOTHING];
}

/** For programs: the loader's report with the queues beside it; null where nothing was loaded yet. */
function jsonOf({ report, queues, silence }: Standing): object | null {
  return report === null && queues === null && silence.length === 0 ? null : { ...report, queues, silence };
}

async function standingOf(environment: Environment, remote: Remote | undefined): Promise<Standing> {
  if (!remote) return { report: await readStatus(environment), queues: null, silence: [] };
  const { publisher, depth, close } = await connectBroker(remote, 'asks');
  try {
    const queues = await depth().catch(() => null);
    if (queues?.length === 0) return { report: null, queues, silence: ['No service has declared its queues yet.'] };
    const answer = answered(publisher.ask({ type: 'status', today: todayIn(environment) }, ANSWER_MS));
    const standing = await answer.then(({ status }) => ({ report: status, silence: [] }), silenceOf);
    const silence = queues ? [] : ['The broker does not answer: how much lies in its queues cannot be told.'];
    return { ...standing, queues, silence: [...standing.silence, ...silence] };
  } finally {
    await close();
  }
}

/** Throws whatever is no `PreflightError`. */
function silenceOf(error: unknown): Standing {
  if (!(error instanceof PreflightError)) throw error;
  return { report: null, queues: null, silence: [`${sentence(error.message)}.`, `  ${error.hint}`] };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

async function gapsIn(environment: Environment, remote: Remote | undefined): Promise<Gaps | null> {
  if (!remote) return readGaps(environment);
  return (await askLoader({ type: 'gaps', today: todayIn(environment) }, remote)).gaps;
}

function todayIn(environment: Environment): string {
  return dayAt(new Date(), operatorSettings(environment).timezone);
}
