import { pino, stdSerializers, type Logger as PinoLogger } from 'pino';

/** Structured logger: constant lower-case prose, facts in fields, one key `error`. */
export type Logger = PinoLogger;

/** JSON lines on standard error, so that standard output stays the user's. Never pass row values or secrets. */
export function createLogger(service: string, level: string): Logger {
  return pino(
    { level, base: { service }, serializers: { error: stdSerializers.errWithCause }, timestamp: () => `,"time":"${new Date().toISOString()}"` },
    process.stderr,
  );
}
