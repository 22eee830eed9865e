import { randomUUID } from 'node:crypto';

import type { Answer, Command, Question } from '#contracts';

import type { Control } from '../../../loader/src/ledger/control-run.js';
import { connectBroker, type Remote } from '../broker.js';
import { exitCodeOf, exitCodes, PreflightError, type ExitCode } from '../exit-codes.js';
import { tell, warn } from '../output.js';
import { follow } from '../progress/follow.js';
import { viewOn } from '../progress/view.js';
import { idleLines } from '../report/queues.js';
import { runLines } from '../report/summary.js';

/** Milliseconds to wait for a loader's answer. */
export const ANSWER_MS = 8_000;

type Opening = Extract<Command, { type: 'sync' | 'backfill' | 'heal' }>;

/** Publishes a command for the running services; with `wait` shows how far it is until it is done. */
export async function order(command: Opening, remote: Remote, wait: boolean, signal: AbortSignal): Promise<ExitCode> {
  const begun = Date.now();
  const runId = randomUUID();
  const { publisher, depth, close } = await connectBroker(remote);
  const view = viewOn(process.stderr);
  try {
    await publisher.publish('commands', null, { ...command, runId });
    tell([`Run ${runId} is asked for.`]);
    if (!wait) {
      warn(`How far it is: et-etl status. To end it: et-etl cancel ${runId}`);
      return exitCodes.verified;
    }
    const reasons = async () => idleLines(await depth().catch(() => []));
    const runs = await follow([runId], { publisher, view, reasons, signal });
    view.close();
    tell(runLines(runs, (Date.now() - begun) / 1000));
    return exitCodeOf(runs);
  } catch (error) {
    view.close();
    if (!signal.aborted) throw error;
    warn(`No longer waiting. The run goes on; to end it: et-etl cancel ${runId}`);
    return exitCodes.interrupted;
  } finally {
    await close();
  }
}

/** Pauses, resumes or ends a run of the running services. Gives its state then; null where they know none of that id. */
export async function controlRemotely(runId: string, action: Control, remote: Remote): Promise<string | null> {
  return (await askLoader({ type: 'control-run', runId, action }, remote)).state;
}

/** Asks the running loader. Throws `PreflightError` where none answers. */
export async function askLoader<T extends Question['type']>(
  question: Extract<Question, { type: T }>,
  remote: Remote,
): Promise<Extract<Answer, { type: T }>> {
  const { publisher, close } = await connectBroker(remote, 'asks');
  try {
    return await answered(publisher.ask(question, ANSWER_MS));
  } finally {
    await close();
  }
}

/** An answer of the loader, or what to do about its silence: then throws `PreflightError`. */
export async function answered<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((error: unknown) => {
    throw new PreflightError(
      'no loader answers',
      'is one running, and is its database in reach? npm run start:loader',
      { cause: error },
    );
  });
}
