import { classifyFailure, type Log } from '#messaging';
import { messageOf } from '#observability';

import { EtError } from '../../../extractor/src/et/errors.js';

const EVERY_MS = 30_000;

/** The log of the queues, which also tells a person, twice a minute at most, what messages are tried again for. */
export function tellingWaits(log: Log, print: (line: string) => void, now: () => number = Date.now): Log {
  let told = -Infinity;
  const tell = (line: string): void => {
    if (now() - told < EVERY_MS) return;
    told = now();
    print(line);
  };
  return {
    debug(fields, message) {
      log.debug(fields, message);
      // Nothing is tried while it is away: only its probes show that something is waited for.
      if (!('what' in fields && 'since' in fields && fields.since instanceof Date && 'error' in fields)) return;
      tell(`Waiting for ${String(fields.what)} since ${clock(fields.since)}: ${reasonIn(fields.error)}`);
    },
    info: (fields, message) => log.info(fields, message),
    error: (fields, message) => log.error(fields, message),
    warn(fields, message) {
      log.warn(fields, message);
      if (!('error' in fields) || classifyFailure(fields.error) === 'reject') return;
      tell(`Waiting, and trying again: ${reasonIn(fields.error)}`);
    },
  };
}

/** Hours, minutes and seconds of UTC. */
function clock(moment: Date): string {
  return `${moment.toISOString().slice(11, 19)} UTC`;
}

/** Which message waits is of no interest where many do. */
function reasonIn(error: unknown): string {
  const cause = error instanceof Error && !(error instanceof EtError) ? (error.cause ?? error) : error;
  return cause instanceof EtError ? `${cause.message} (${cause.hint})` : messageOf(error);
}
