import { tables, type RunReport, type StatusReport } from '#contracts';

import { grid } from './grid.js';
import { count, plural } from './numbers.js';
import { problemLines } from './problems.js';

/** A table of what the warehouse holds: rows and meaning of each table, cut to the width of the terminal. */
export function tableLines(rows: StatusReport['tables'], width: number): string[] {
  const body = tables.map(({ name, meaning }) => [name, count(rows[name] ?? 0), meaning]);
  return grid([['table', 'rows', 'what it holds'], ...body], [1]).map((line) =>
    line.length > width ? `${line.slice(0, width - 1)}…` : line,
  );
}

/** What closed runs brought, in a sentence and what to know beside it. */
export function runLines(runs: readonly RunReport[], seconds: number): string[] {
  const total = (of: (run: RunReport) => number) => runs.reduce((sum, run) => sum + of(run), 0);
  const loaded = total((run) => run.loaded + run.unknown);
  const gone = total((run) => run.gone);
  const verified = total(({ slices }) => slices.verified);
  const complete = total(({ slices }) => slices.complete);
  const all = total(({ slices }) => Object.values(slices).reduce((sum, slice) => sum + slice, 0));
  if (all === 0 && runs.every(({ state }) => state === 'done')) return ['There was nothing to be read.'];
  const parts = [`${count(verified)} of ${plural(all, 'day or dictionary', 'days and dictionaries')} verified`];
  if (complete > 0) parts.push(`${count(complete)} complete without a proof (filtered, cut or not over)`);
  if (gone > 0) parts.push(`${count(gone)} gone from ET`);
  return [
    `${stateOf(runs)} in ${duration(seconds)}: ${plural(loaded, 'record')}; ${parts.join(', ')}.`,
    ...problemLines(runs),
  ];
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

function stateOf(runs: readonly RunReport[]): string {
  if (runs.some(({ state }) => state === 'failed')) return 'Failed';
  return runs.some(({ state }) => state === 'cancelled') ? 'Cancelled' : 'Loaded';
}
