import { types } from 'node:util';

import { printable } from './printable.js';

/** What a log line tells of an error and its causes. */
export interface DescribedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: DescribedError;
}

/** Drivers quote whole statements in their messages. */
const LONGEST = 500;

/**
 * An error fit for logs: of its own fields only `code`, for those of HTTP clients hold tokens and those of drivers
 * row values; long messages are cut, and the stack is told without the message.
 */
export function describeError(error: unknown, depth = 0): DescribedError {
  if (!types.isNativeError(error)) return { type: typeof error, message: cut(String(error)) };
  const { code } = error as { code?: unknown };
  const stack = framesOf(error.stack ?? '');
  return {
    type: error.name,
    message: cut(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(stack ? { stack } : {}),
    ...(error.cause !== undefined && depth < 8 ? { cause: describeError(error.cause, depth + 1) } : {}),
  };
}

/** What follows the message, which may be long and hold anything. */
function framesOf(stack: string): string {
  const lines = stack.split('\n');
  const message = lines.findLastIndex((line) => !/^\s+at /.test(line));
  return lines
    .slice(message + 1)
    .join('\n')
    .trimStart();
}

/** An error and its causes in one line: `what we were doing: why: why`. */
export function messageOf(error: unknown): string {
  return lineOf(describeError(error));
}

/** The same of an error that is described already. */
export function lineOf(error: DescribedError): string {
  const messages: string[] = [];
  for (let told: DescribedError | undefined = error; told; told = told.cause) {
    const text = told.message || String(told.code ?? told.type);
    if (!messages.some((message) => message.includes(text))) messages.push(text);
  }
  return printable(messages.join(': ').replaceAll(/\s*\n\s*/g, ' '));
}

function cut(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
