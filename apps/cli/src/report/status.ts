import type { RunReport, StatusReport } from '#contracts';
import type { Depth } from '#messaging';

import { grid } from './grid.js';
import { count, plural } from './numbers.js';
import { problemLines } from './problems.js';
import { deadLettersIn, queueLines } from './queues.js';
import { duration, tableLines } from './summary.js';

/** How everything stands, as far as anybody tells. */
export interface Standing {
  /** Null where nothing was loaded yet, or no loader answers. */
  readonly report: StatusReport | null;
  /** Null where there is no broker, or it does not tell. */
  readonly queues: readonly Depth[] | null;
  /** Who does not answer, and what to do about it. */
  readonly silence: readonly string[];
}

/** `et-etl status` for a person. */
export function statusLines({ report, queues, silence }: Standing, width: number): string[] {
  const dead = (report?.deadLetters ?? 0) + deadLettersIn(queues ?? []);
  const parts = [
    [...silence, ...(report ? standingLines(report, dead) : deadLetterLines(dead))],
    queues && queues.length > 0 ? queueLines(queues) : [],
    ...(report ? [runLines(report.runs, width), tableLines(report.tables, width)] : []),
  ];
  return parts.filter((lines) => lines.length > 0).flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function runLines(runs: readonly RunReport[], width: number): string[] {
  const problems = problemLines(runs.slice(0, 1));
  return [
    ...(runs.length === 0 ? ['No run yet.'] : runGrid(runs, width)),
    ...(problems.length === 0 ? [] : ['', 'Of the latest run:', ...problems]),
  ];
}

function deadLetterLines(dead: number): string[] {
  return dead > 0 ? [`${plural(dead, 'dead letter')} (et-etl dlq ls tells why).`] : [];
}

function standingLines(report: StatusReport, dead: number): string[] {
  const { lastVerifiedDay, unverifiedDays, rejects, unknownDetails, heldDeletes, lanes, freshness, lastSyncedAt } =
    report;
  const flaws = [
    ...(unverifiedDays > 0 ? [`${plural(unverifiedDays, 'day')} not verified`] : []),
    ...(unknownDetails > 0 ? [`${plural(unknownDetails, 'detail')} missing`] : []),
    ...(rejects > 0 ? [`${plural(rejects, 'record')} rejected`] : []),
    ...(heldDeletes > 0 ? [`${plural(heldDeletes, 'conversation')} perhaps deleted in ET`] : []),
    ...(dead > 0 ? [plural(dead, 'dead letter')] : []),
  ];
  const tell = [
    ...(unverifiedDays + unknownDetails + heldDeletes > 0 ? ['et-etl gaps'] : []),
    ...(rejects > 0 ? ['et-etl rejects ls'] : []),
    ...(dead > 0 ? ['et-etl dlq ls'] : []),
  ];
  const days = lastVerifiedDay === null ? 'No day is verified yet' : `The last verified day is ${lastVerifiedDay}`;
  const why = tell.length === 0 ? '' : ` (${tell.join(', ')} ${tell.length === 1 ? 'tells' : 'tell'} why)`;
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

/** Whoever controls a run needs its whole id: where the terminal is too narrow it stands below. */
function runGrid(runs: readonly RunReport[], width: number): string[] {
  const heading = ['run', 'kind', 'state', 'opened (UTC)', 'verified', 'of', 'records', 'rejected', 'left'];
  const rows = runs.map(runRow);
  const wide = grid([heading, ...rows], [4, 5, 6, 7, 8]);
  if (wide.every((line) => line.length <= width)) return wide;
  const narrow = grid(
    [heading, ...rows].map((cells) => cells.slice(1)),
    [3, 4, 5, 6, 7],
  );
  return [...narrow.slice(0, 2), ...runs.flatMap(({ runId }, index) => [narrow[index + 2] ?? '', `  ${runId}`])];
}

function runRow({ runId, kind, state, openedAt, slices, answered, rejected, eta, rate }: RunReport): string[] {
  const all = Object.values(slices).reduce((sum, slice) => sum + slice, 0);
  const figures = [slices.verified, all, answered, rejected].map(count);
  const left = state === 'open' && eta !== null ? duration(eta) : '';
  const pace = left !== '' && rate !== null ? ` at ${count(rate)}/s` : '';
  return [runId, kind, state, moment(openedAt), ...figures, `${left}${pace}`];
}
