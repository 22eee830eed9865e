import type { Gaps } from '#contracts';

import { grid } from './grid.js';
import { count, plural } from './numbers.js';

/** Details told by name before the rest is only counted. */
const MOST_DETAILS = 20;

export function isComplete({ days, unknownTotal, heldDeletes }: Gaps): boolean {
  return days.length === 0 && unknownTotal === 0 && heldDeletes.length === 0;
}

/** `et-etl gaps` for a person. */
export function gapLines(gaps: Gaps): string[] {
  if (isComplete(gaps)) return ['Every day up to yesterday is verified, and no detail is missing.'];
  const parts = [dayLines(gaps), detailLines(gaps), heldLines(gaps), mendLines(gaps)];
  return parts.filter((lines) => lines.length > 0).flatMap((lines, place) => (place === 0 ? lines : ['', ...lines]));
}

function dayLines({ days }: Gaps): string[] {
  if (days.length === 0) return [];
  const rows = days.map(({ day, state, readAt, reason }) => [day, state, readAt ? moment(readAt) : 'never', reason]);
  return [
    `${plural(days.length, 'day')} not verified:`,
    ...grid([['day', 'state', 'last read (UTC)', 'why'], ...rows]),
  ];
}

function detailLines({ unknown, unknownTotal }: Gaps): string[] {
  if (unknownTotal === 0) return [];
  const rows = unknown
    .slice(0, MOST_DETAILS)
    .map(({ id, day, document, tries, nextAt, reason }) => [id, day, document, count(tries), moment(nextAt), reason]);
  const more = unknownTotal - rows.length;
  return [
    `${plural(unknownTotal, 'detail')} that ET did not give:`,
    ...grid([['conversation', 'day', 'detail', 'asked again', 'next (UTC)', 'why'], ...rows], [3]),
    ...(more > 0 ? [`and ${count(more)} more`] : []),
  ];
}

function heldLines({ heldDeletes }: Gaps): string[] {
  return heldDeletes.map(
    ({ day, candidates, sessions }) =>
      `${day}: ET no longer lists ${count(candidates)} of ${plural(sessions, 'conversation')}, more than MAX_DELETE_RATIO allows; ` +
      'if they were deleted on purpose: et-etl heal --allow-deletes',
  );
}

/** Deletions that wait for somebody's word have their own. */
function mendLines({ days, unknown, unknownTotal }: Gaps): string[] {
  if (days.length + unknownTotal === 0) return [];
  const some = unknownTotal > unknown.length;
  return [
    'et-etl heal reads these days again, and asks again for these details.',
    ...(some ? [`It asks for ${count(unknown.length)} details at a time: then again for the rest.`] : []),
  ];
}

function moment(instant: string): string {
  return instant.slice(0, 16).replace('T', ' ');
}
