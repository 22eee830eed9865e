import { embeddedSettings, type Environment } from '#config';

import { startEmbedded, type Embedded } from '../embedded.js';
import { exitCodeOf, exitCodes, PreflightError, type ExitCode } from '../exit-codes.js';
import { tell, warn } from '../output.js';
import { follow } from '../progress/follow.js';
import { viewOn } from '../progress/view.js';
import { runLines } from '../report/summary.js';

/** Loads what is left of these runs in this process, or leaves that to the one that loads already. */
export async function goOn(
  environment: Environment,
  runIds: readonly string[],
  signal: AbortSignal,
): Promise<ExitCode> {
  const begun = Date.now();
  const view = viewOn(process.stderr);
  let services: Embedded | undefined;
  try {
    services = await startEmbedded(embeddedSettings(environment), (line) => view.print(line));
    const { publisher, flow } = services;
    const runs = await follow(runIds, { publisher, view, signal, flow });
    view.close();
    tell(runLines(runs, (Date.now() - begun) / 1000));
    return exitCodeOf(runs);
  } catch (error) {
    view.close();
    if (signal.aborted) {
      warn('Stopping. What is loaded stays loaded; the next run goes on from here.');
      return exitCodes.interrupted;
    }
    if (error instanceof PreflightError && /another process loads/.test(error.message)) {
      tell(['The process that loads reads them again.']);
      return exitCodes.verified;
    }
    throw error;
  } finally {
    await services?.close();
  }
}
