import type { RunReport } from '#contracts';

import { plural } from './numbers.js';

/** Reasons and unknown fields shown before the rest is only counted. */
const MOST = 10;

/** What is not as it should be, in words for a person; nothing where all is well. */
export function problemLines(runs: readonly RunReport[]): string[] {
  return [...sliceLines(runs), ...rejectLines(runs), ...fieldLines(runs), ...cleanedLines(runs), ...leftLines(runs)];
}

function sliceLines(runs: readonly RunReport[]): string[] {
  const reasons = new Map<string, string[]>();
  for (const { sliceId, subject, state, reason } of runs.flatMap(({ problems }) => problems)) {
    const name = subject.kind === 'dictionary' ? subject.dictionary : subject.day;
    const key = `${state}: ${reason.replaceAll(`slice ${sliceId}`, 'it').replaceAll(sliceId, 'it')}`;
    reasons.set(key, [...(reasons.get(key) ?? []), name]);
  }
  const told = [...reasons].map(([reason, names]) => `  ${namesOf(names)}  ${reason}`);
  const total = sum(runs, ({ slices }) => slices.unverified + slices.failed + slices.cancelled);
  return total === 0
    ? []
    : [`${plural(total, 'day or dictionary', 'days or dictionaries')} not verified:`, ...atMost(told)];
}

function rejectLines(runs: readonly RunReport[]): string[] {
  const [rejected, unknown] = [sum(runs, (run) => run.rejected), sum(runs, (run) => run.unknown)];
  return [
    ...(rejected > 0 ? [`${plural(rejected, 'record')} rejected: et-etl rejects ls tells why`] : []),
    ...(unknown > 0
      ? [`${plural(unknown, 'conversation')} with details that ET did not give: they are asked for again`]
      : []),
  ];
}

function fieldLines(runs: readonly RunReport[]): string[] {
  const fields = new Map<string, number>();
  for (const { unknownFields } of runs) {
    for (const [field, times] of Object.entries(unknownFields)) fields.set(field, (fields.get(field) ?? 0) + times);
  }
  const told = [...fields]
    .sort(([, a], [, b]) => b - a)
    .map(([field, times]) => `  ${field} (${plural(times, 'time')})`);
  return told.length === 0 ? [] : [`${plural(told.length, 'field')} of ET that no column takes:`, ...atMost(told)];
}

function cleanedLines(runs: readonly RunReport[]): string[] {
  const cleaned = sum(runs, (run) => run.cleaned.nul + run.cleaned.surrogates);
  return cleaned === 0 ? [] : [`${plural(cleaned, 'character')} that no database takes: removed or replaced`];
}

function leftLines(runs: readonly RunReport[]): string[] {
  const names = new Set(runs.flatMap(({ notStored }) => Object.keys(notStored)));
  return [...names].sort().map((table) => {
    const rows = plural(
      sum(runs, ({ notStored }) => notStored[table] ?? 0),
      'row',
    );
    return `${rows} of ${table} not stored: a unique key of the table lets only the newest in`;
  });
}

/** `2026-01-01, 2026-01-02 and 3 more`. */
function namesOf(names: readonly string[]): string {
  const shown = [...names].sort().slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}

function atMost(lines: readonly string[]): readonly string[] {
  return lines.length > MOST ? [...lines.slice(0, MOST), `  and ${lines.length - MOST} more`] : lines;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
