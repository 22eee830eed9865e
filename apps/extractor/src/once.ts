import { setTimeout as sleep } from 'node:timers/promises';

import { verdictOf, type RunReport, type Verdict } from '#contracts';
import { Publisher, TransientError, type Assembled } from '#messaging';
import type { Logger } from '#observability';

import { asFault } from './faults.js';
import { RunOpener } from './run-opener.js';

const ASK_EVERY_MS = 1000;

/** As `et-etl` counts. */
const exitCodes = { verified: 0, failed: 1, incomplete: 3 } as const satisfies Record<Verdict, number>;

interface Circumstances {
  /** Takes part in the reading until the run is closed. */
  readonly wait: boolean;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/**
 * Opens the daily run, or joins one that is not finished; whoever starts this process is the schedule. Gives the
 * process's exit code.
 */
export async function once(service: Assembled, { wait, logger, signal }: Circumstances): Promise<number> {
  const opening = service.get(RunOpener).openRun({ kind: 'sync' });
  const { runId } = await opening.catch((error: unknown) => {
    throw asFault(error, 'opening the daily run', { signal, embedded: true });
  });
  if (!wait) return exitCodes.verified;
  await service.listen();
  const run = await closed(service.get(Publisher), runId, { logger, signal });
  const verdict = verdictOf(run);
  const { state, slices, loaded, rejected, gone, unknown } = run;
  logger.info({ runId, state, verdict, slices, loaded, rejected, gone, unknown }, 'run closed');
  return exitCodes[verdict];
}

/** Asks for the run once a second, with the loader or its database away as well: the run waits like us. */
async function closed(
  publisher: Publisher,
  runId: string,
  { logger, signal }: Pick<Circumstances, 'logger' | 'signal'>,
): Promise<RunReport> {
  for (;;) {
    try {
      const { run } = await publisher.ask({ type: 'run', runId });
      if (run && run.state !== 'open' && run.state !== 'paused') return run;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      logger.warn({ runId, error }, 'how far the run is cannot be told for now');
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
