import { stageSchemas } from '#contracts';
import type { DeadLetter } from '#messaging';

import { grid } from './grid.js';
import { count, plural, size } from './numbers.js';

/** `et-etl dlq ls` for a person. */
export function lettersLines(letters: readonly DeadLetter[], width: number): string[] {
  if (letters.length === 0) return ['There are no dead letters.'];
  const heading = ['id', 'queue', 'died (UTC)', 'attempt', 'size', 'fault', 'why'];
  const rows = letters.map(({ id, queue, deadAt, attempt, bytes, errorClass, reason }) => [
    id,
    queue,
    moment(deadAt),
    count(attempt),
    size(bytes),
    errorClass,
    reason,
  ]);
  const lines = grid([heading, ...rows], [3, 4]);
  return [...lines.map((line) => cut(line, width)), '', `${plural(letters.length, 'dead letter')}.`];
}

export interface ShownLetter {
  readonly letter: DeadLetter;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Its JSON value, or why it has none. */
  readonly content: { readonly value: unknown; readonly problem?: string };
}

/** `et-etl dlq show` for a person. What may tell of persons is left out unless `whole`. */
export function letterLines({ letter, headers, content }: ShownLetter, whole: boolean): string[] {
  const facts: [string, string | null][] = [
    ['id', letter.id],
    ['queue', letter.queue],
    ['given up by', letter.service],
    ['why', letter.reason],
    ['fault', letter.errorClass],
    ['attempt', count(letter.attempt)],
    ['first failed', letter.firstFailedAt],
    ['died', letter.deadAt],
    ['redriven', letter.redriven === 0 ? null : `${count(letter.redriven)} times`],
    ['run', letter.runId],
    ['day or dictionary', letter.sliceId],
    ['message', letter.messageId],
    ['size', size(letter.bytes)],
  ];
  const told = facts.flatMap(([name, value]) => (value === null || value === '' ? [] : [`${name.padEnd(18)}${value}`]));
  const others = Object.entries(headers).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  return [...told, ...(others.length > 0 ? ['', 'Headers:', ...others] : []), '', ...bodyLines(letter, content, whole)];
}

function bodyLines({ stage }: DeadLetter, { value, problem }: ShownLetter['content'], whole: boolean): string[] {
  if (problem !== undefined) return [`The body cannot be read: ${problem}.`];
  if (whole || isImpersonal(stage, value)) return ['Body:', ...JSON.stringify(value, null, 2).split('\n')];
  return ['Body, without its values (--body prints all, conversations and names too):', ...outline(value)];
}

/** Whether a body holds ids, days and numbers alone: a valid one of a stage that carries nothing else. */
function isImpersonal(stage: DeadLetter['stage'], value: unknown): boolean {
  const carriesRecords = stage === 'pages' || stage === 'raw' || stage === 'rows';
  return !carriesRecords && stageSchemas[stage].safeParse(value).success;
}

/** What a value is made of: names of its fields, and how much there is of each. */
function outline(value: unknown, name = 'the whole', depth = 0): string[] {
  const line = `${'  '.repeat(depth + 1)}${name}: ${kindOf(value)}`;
  if (depth > 1 || typeof value !== 'object' || value === null || Array.isArray(value)) return [line];
  return [line, ...Object.entries(value).flatMap(([key, part]) => outline(part, key.slice(0, 40), depth + 1))];
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `list of ${count(value.length)}`;
  if (typeof value === 'string') return `text of ${plural(value.length, 'character')}`;
  return typeof value;
}

function moment(instant: string | null): string {
  return instant === null ? '' : instant.slice(0, 19).replace('T', ' ');
}

function cut(line: string, width: number): string {
  return line.length > width ? `${line.slice(0, width - 1)}…` : line;
}
