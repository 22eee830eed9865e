import type { RunReport, StatusReport } from '#contracts';

import { grid } from './grid.js';
import { count, plural } from './numbers.js';
import { problemLines } from './problems.js';
import { duration, tableLines } from './summary.js';

/** `et-etl status` for a person. */
export function statusLines(report: StatusReport, width: number): string[] {
  const { runs, tables } = report;
  const problems = problemLines(runs.slice(0, 1));
  return [
    ...standingLines(report),
    '',
    ...(runs.length === 0 ? ['No run yet.'] : runGrid(runs)),
    ...(problems.length === 0 ? [] : ['', 'Of the latest run:', ...problems]),
    '',
    ...tableLines(tables, width),
  ];
}

function standingLines(report: StatusReport): string[] {
  const { lastVerifiedDay, unverifiedDays, rejects, unknownDetails, heldDeletes, lanes, freshness, lastSyncedAt } =
    report;
  const flaws = [
    ...(unverifiedDays > 0 ? [`${plural(unverifiedDays, 'day')} not verified`] : []),
    ...(unknownDetails > 0 ? [`${plural(unknownDetails, 'detail')} missing`] : []),
    ...(rejects > 0 ? [`${plural(rejects, 'record')} rejected`] : []),
    ...(heldDeletes > 0 ? [`${plural(heldDeletes, 'conversation')} perhaps deleted in ET`] : []),
  ];
  const days = lastVerifiedDay === null ? 'No day is verified yet' : `The last verified day is ${lastVerifiedDay}`;
  const why = unverifiedDays + unknownDetails + heldDeletes > 0 ? ' (et-etl gaps tells why)' : '';
  const waiting = lanes.filter(({ planned, queued }) => planned + queued > 0);
  return [
    `${[days, ...flaws].join('; ')}${why}.`,
    ...(lastSyncedAt ? [`The last daily run was done ${moment(lastSyncedAt)} UTC.`] : []),
    ...(freshness ? [`Last day or dictionary loaded: ${moment(freshness)} UTC.`] : []),
    ...waiting.map(
      ({ lane, planned, queued }) =>
        `In the ${lane} lane: ${plural(queued, 'slice')} being read, ${count(planned)} to come.`,
    ),
  ];
}

function moment(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}

function runGrid(runs: readonly RunReport[]): string[] {
  const heading = ['run', 'kind', 'state', 'opened (UTC)', 'verified', 'of', 'records', 'rejected', 'left'];
  return grid([heading, ...runs.map(runRow)], [4, 5, 6, 7, 8]);
}

function runRow({ runId, kind, state, openedAt, slices, answered, rejected, eta }: RunReport): string[] {
  const all = Object.values(slices).reduce((sum, slice) => sum + slice, 0);
  const figures = [slices.verified, all, answered, rejected].map(count);
  const left = state === 'open' && eta !== null ? duration(eta) : '';
  return [runId, kind, state, openedAt.slice(0, 19).replace('T', ' '), ...figures, left];
}
