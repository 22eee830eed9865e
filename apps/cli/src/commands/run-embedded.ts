import type { RunReport } from '#contracts';
import { RejectedError } from '#messaging';

import { startEmbedded, type Embedded, type EmbeddedSettings } from '../embedded.js';
import { exitCodeOf, exitCodes, UsageError, type ExitCode } from '../exit-codes.js';
import { outputWidth, tell, warn } from '../output.js';
import { checkedEt, databaseName } from '../preflight.js';
import { follow } from '../progress/follow.js';
import type { Asked } from '../requests.js';
import { viewOn, type View } from '../progress/view.js';
import { runLines, tableLines } from '../report/summary.js';

/**
 * Does what is asked in this one process and ends when everything is loaded. What an earlier process left unfinished
 * is loaded as well. Prints a table of what the database holds.
 */
export async function runEmbedded(request: Asked, settings: EmbeddedSettings, signal: AbortSignal): Promise<ExitCode> {
  const view = viewOn(process.stderr);
  let services: Embedded | undefined;
  try {
    await checkedEt(settings.extractor.et);
    signal.throwIfAborted();
    services = await startEmbedded(settings, (line) => view.print(line));
    return await runIn(services, request, settings, view, signal);
  } catch (error) {
    view.close();
    if (!signal.aborted) throw error;
    warn('Stopping. What is loaded stays loaded; the next run goes on from here.');
    return exitCodes.interrupted;
  } finally {
    await services?.close();
  }
}

async function runIn(
  services: Embedded,
  request: Asked,
  settings: EmbeddedSettings,
  view: View,
  signal: AbortSignal,
): Promise<ExitCode> {
  const begun = Date.now();
  const runs = await loaded(request, services, view, signal);
  view.close();
  const { status } = await services.publisher.ask({ type: 'status' });
  const where = `The data is in ${databaseName(settings.loader.database)}.`;
  tell([...tableLines(status.tables, outputWidth()), '', ...runLines(runs, (Date.now() - begun) / 1000), '', where]);
  return exitCodeOf(runs);
}

async function loaded(request: Asked, services: Embedded, view: View, signal: AbortSignal): Promise<RunReport[]> {
  const { publisher, opener } = services;
  const { status } = await publisher.ask({ type: 'status' });
  const unfinished = status.runs.filter(({ state }) => state === 'open');
  for (const { kind, openedAt } of unfinished)
    view.print(`The ${kind} run of ${openedAt.slice(0, 16).replace('T', ' ')} UTC was not finished: it goes on too.`);
  const { runId } = await opener.openRun(request).catch((error: unknown) => {
    if (error instanceof RejectedError) throw new UsageError(error.message, { cause: error });
    throw error;
  });
  const runIds = new Set([runId, ...unfinished.map((run) => run.runId)]);
  return follow([...runIds], { publisher, view, signal, flow: () => services.flow() });
}
