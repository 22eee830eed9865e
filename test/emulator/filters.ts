import { DAY_MICROS, dayNumber } from './generate/moments.js';

/** A filter ET would refuse; the message says which part. */
export class FilterError extends Error {
  override readonly name = 'FilterError';
}

/**
 * How a bound `12:00` counts, which ET does not document. `minute`: as the last bound it holds the whole minute;
 * `exact`: it is 12:00:00 sharp.
 */
export type Bounds = 'minute' | 'exact';

/** Which sessions are meant; what is absent does not restrict. */
export interface Filter {
  /** Both ends inclusive: a day (since 1970-01-01) and microseconds within it. */
  readonly range?: { readonly from: Bound; readonly to: Bound };
  readonly scored?: 'manual' | 'automated';
  readonly categories?: { readonly ids: readonly number[]; readonly all: boolean };
  readonly reviewed?: boolean;
  readonly search?: string;
}
interface Bound {
  readonly day: number;
  readonly micros: number;
}

/**
 * Reads `date_range,…±is_scored,manual±…`, as it is, percent-encoded, or encoded twice, as addresses copied from a
 * browser are. Throws `FilterError`.
 */
export function parseFilter(text: string, bounds: Bounds): Filter {
  return decode(decode(text))
    .split('±')
    .filter((part) => part !== '')
    .reduce<Filter>((filter, part) => ({ ...filter, ...parsePart(part, bounds) }), {});
}

function parsePart(part: string, bounds: Bounds): Filter {
  const comma = part.indexOf(',');
  const name = comma < 0 ? part : part.slice(0, comma);
  const rest = comma < 0 ? '' : part.slice(comma + 1);
  switch (name) {
    case 'date_range':
      return { range: parseRange(rest, bounds) };
    case 'is_scored':
      if (rest === 'manual' || rest === 'automated') return { scored: rest };
      break;
    case 'categories':
      return { categories: parseCategories(rest) };
    case 'reviewers':
      if (rest === 'true' || rest === 'false') return { reviewed: rest === 'true' };
      break;
    case 'search_query':
      return { search: rest.toLowerCase() };
  }
  throw new FilterError(`cannot read the filter ${part}`);
}

/** With a time of day the range runs from the first day's first time to the last day's second time. */
function parseRange(rest: string, bounds: Bounds): Filter['range'] {
  const [dates = '', times = ''] = rest.split('||');
  const [from, to, ...more] = dates.split(',').map(dayNumber);
  if (from === undefined || to === undefined || more.length > 0) throw new FilterError(`no dates: ${dates}`);
  if (times === '') return { from: { day: from, micros: 0 }, to: { day: to, micros: DAY_MICROS - 1 } };
  const [start, end, ...others] = times.split(',').map(timeOfDay);
  if (start === undefined || end === undefined || others.length > 0) throw new FilterError(`no times: ${times}`);
  const last = bounds === 'minute' ? end + 60_000_000 - 1 : end;
  return { from: { day: from, micros: start }, to: { day: to, micros: Math.min(last, DAY_MICROS - 1) } };
}

function timeOfDay(text: string): number | undefined {
  const [, hours = '', minutes = ''] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return hours !== '' && Number(minutes) < 60 && total < 1440 ? total * 60_000_000 : undefined;
}

function parseCategories(rest: string): Filter['categories'] {
  const [list = '', mode = 'or'] = rest.split('|');
  const ids = list.split(',').map(Number);
  if (!ids.every(Number.isInteger) || !['or', 'and'].includes(mode)) throw new FilterError(`no categories: ${rest}`);
  return { ids, all: mode === 'and' };
}

function decode(text: string): string {
  if (!/%[0-9a-f]{2}/i.test(text)) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
