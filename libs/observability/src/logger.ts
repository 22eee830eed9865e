import { pino, type DestinationStream, type Logger as PinoLogger } from 'pino';

import { describeError } from './errors.js';
import { plainLine } from './plain.js';

/** Structured logger: constant lower-case prose, facts in fields, one key `error`. */
export type Logger = PinoLogger;

/**
 * Logs to standard error, so that standard output stays the user's: JSON lines, or plain ones on a terminal.
 * `print` takes plain lines instead, for programs that draw on the terminal themselves. Never pass row values or
 * secrets.
 */
export function createLogger(service: string, level: string, print?: (line: string) => void): Logger {
  const onTerminal = process.stderr.isTTY ? (line: string) => void process.stderr.write(`${line}\n`) : undefined;
  const plain = print ?? onTerminal;
  const destination: DestinationStream = plain ? { write: (json) => plain(plainLine(json)) } : process.stderr;
  return pino(
    {
      level,
      base: { service },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: describeError },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
    },
    destination,
  );
}
