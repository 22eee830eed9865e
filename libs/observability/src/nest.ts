import type { Logger } from './logger.js';

/** What Nest asks of a logger. Source: `LoggerService` of @nestjs/common. */
export interface NestLogger {
  log(message: unknown, ...rest: unknown[]): void;
  error(message: unknown, ...rest: unknown[]): void;
  warn(message: unknown, ...rest: unknown[]): void;
  fatal(message: unknown, ...rest: unknown[]): void;
}

/** Nest's own lines in this logger; the lines of its start, module by module, are for debugging. */
export function nestLogger(logger: Logger): NestLogger {
  const told = (level: 'debug' | 'warn' | 'error' | 'fatal') => (message: unknown) => {
    if (message instanceof Error) logger[level]({ error: message }, 'told by nest');
    else logger[level]({ nest: String(message) }, 'told by nest');
  };
  return { log: told('debug'), warn: told('warn'), error: told('error'), fatal: told('fatal') };
}
