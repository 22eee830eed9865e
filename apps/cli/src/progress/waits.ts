import { classifyFailure, type Log } from '#messaging';
import { messageOf } from '#observability';

import { EtError } from '../../../extractor/src/et/errors.js';

const EVERY_MS = 30_000;

/** The log of the queues, which also tells a person, twice a minute at most, what messages are tried again for. */
export function tellingWaits(log: Log, print: (line: string) => void, now: () => number = Date.now): Log {
  let told = -Infinity;
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    error: (fields, message) => log.error(fields, message),
    warn(fields, message) {
      log.warn(fields, message);
      if (!('error' in fields) || classifyFailure(fields.error) === 'reject' || now() - told < EVERY_MS) return;
      told = now();
      print(`Waiting, and trying again: ${reasonIn(fields.error)}`);
    },
  };
}

/** Which message waits is of no interest where many do. */
function reasonIn(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof EtError ? `${cause.message} (${cause.hint})` : messageOf(error);
}
