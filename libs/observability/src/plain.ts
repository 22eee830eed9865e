import { lineOf, type DescribedError } from './errors.js';
import { printable } from './printable.js';

/** Written by the logger itself, or told in another place of the line. */
const framing = new Set(['level', 'time', 'service', 'msg', 'error']);

/** A JSON log line as a person reads it: `12:00:01 warn   loader  batch rejected: why (sliceId day:2026-01-01)`. */
export function plainLine(json: string): string {
  const line = JSON.parse(json) as Record<string, unknown> & Record<'level' | 'time' | 'service' | 'msg', string>;
  const { level, time, service, msg } = line;
  // A slice's id begins with its run's.
  const known = 'sliceId' in line ? 'runId' : '';
  const facts = Object.entries(line).filter(([name]) => !framing.has(name) && name !== known);
  const told = facts.map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const clock = new Date(time).toLocaleTimeString('en-GB');
  const start = `${clock} ${level.padEnd(5)} ${service.padEnd(11)} ${msg}`;
  const error = line['error'] as DescribedError | undefined;
  return printable(start + (error ? `: ${lineOf(error)}` : '') + (told.length > 0 ? ` (${told.join(', ')})` : ''));
}
