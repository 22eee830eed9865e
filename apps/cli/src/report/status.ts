import type { RunReport, StatusReport } from '#contracts';

import { grid } from './grid.js';
import { count, plural } from './numbers.js';
import { problemLines } from './problems.js';
import { tableLines } from './summary.js';

/** `et-etl status` for a person. */
export function statusLines(
  { runs, tables, lastVerifiedDay, unverifiedDays, rejects }: StatusReport,
  width: number,
): string[] {
  const days = lastVerifiedDay === null ? 'No day is verified yet' : `The last verified day is ${lastVerifiedDay}`;
  const missing = unverifiedDays === 0 ? '' : `; ${plural(unverifiedDays, 'day')} not verified`;
  const set = rejects === 0 ? '' : `; ${plural(rejects, 'record')} rejected`;
  const problems = problemLines(runs.slice(0, 1));
  return [
    `${days}${missing}${set}.`,
    '',
    ...(runs.length === 0 ? ['No run yet.'] : runGrid(runs)),
    ...(problems.length === 0 ? [] : ['', 'Of the latest run:', ...problems]),
    '',
    ...tableLines(tables, width),
  ];
}

function runGrid(runs: readonly RunReport[]): string[] {
  const heading = ['run', 'kind', 'state', 'opened (UTC)', 'verified', 'of', 'records', 'rejected'];
  return grid([heading, ...runs.map(runRow)], [4, 5, 6, 7]);
}

function runRow({ runId, kind, state, openedAt, slices, answered, rejected }: RunReport): string[] {
  const all = Object.values(slices).reduce((sum, slice) => sum + slice, 0);
  const figures = [slices.verified, all, answered, rejected].map(count);
  return [runId, kind, state, openedAt.slice(0, 19).replace('T', ' '), ...figures];
}
