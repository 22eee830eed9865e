import type { Dictionary } from '#contracts';

import { type Bounds, type Filter, FilterError, parseFilter } from '../filters.js';
import type { Item } from '../generate/dictionaries.js';
import { DAY_MICROS, dayText } from '../generate/moments.js';
import type { Tenant } from '../tenant.js';
import type { Target } from './endpoints.js';
import type { Fault } from './faults.js';

/** How this installation of ET answers. */
export interface Manners {
  /** One filter reaches so many sessions and no further. */
  readonly cap: number;
  /** Lowers a greater `limit` in silence. */
  readonly maxLimit: number;
  /** Dictionaries answer from the beginning whatever `skip` says. */
  readonly ignoresSkip: boolean;
  readonly bounds: Bounds;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const notFound: Answer = { status: 404, body: { detail: 'Not Found' } };
const paged: ReadonlySet<string> = new Set(['agents', 'tags', 'users'] satisfies Dictionary[]);

/** Faults of an answer's content, by their kind. */
type ContentFaults = ReadonlyMap<Fault['fault'], Fault>;

/** What ET says to an authorised request. */
export function answer(
  tenant: Tenant,
  manners: Manners,
  { endpoint, id }: Target,
  query: URLSearchParams,
  faults: ContentFaults,
): Answer {
  try {
    switch (endpoint) {
      case 'login':
      case 'unknown':
        return notFound;
      case 'sessions':
        return ok(listing(tenant, manners, query, faults));
      case 'count': {
        const found = tenant.select(parseFilter(query.get('filters') ?? '', manners.bounds)).length;
        return ok(faults.has('empty-page') ? [0, 0] : [found, Math.floor(found / 3)]);
      }
      case 'session':
      case 'scores':
      case 'summary':
      case 'comments':
      case 'transcripts':
        return aboutSession(tenant, endpoint, id ?? '');
      default: {
        const items = dictionary(tenant.dictionaries[endpoint], paged.has(endpoint), manners, query);
        return ok(faults.has('empty-page') ? [] : items);
      }
    }
  } catch (error) {
    if (error instanceof FilterError) return { status: 422, body: { detail: [{ msg: error.message }] } };
    throw error;
  }
}

function aboutSession(
  tenant: Tenant,
  endpoint: 'session' | 'scores' | 'summary' | 'comments' | 'transcripts',
  id: string,
): Answer {
  const index = tenant.indexOf(id);
  if (index === undefined) return { status: 404, body: { detail: 'Session not found' } };
  return ok(endpoint === 'session' ? tenant.detail(index) : tenant[endpoint](index));
}

function listing(
  tenant: Tenant,
  manners: Manners,
  query: URLSearchParams,
  faults: ContentFaults,
): { total: number; items: Item[] } {
  const filter = parseFilter(query.get('filters') ?? '', manners.bounds);
  const order = query.get('order_by') ?? 'oldest';
  if (order !== 'oldest' && order !== 'newest') throw new FilterError(`cannot order by ${order}`);
  if (faults.has('inserted')) insertInto(tenant, filter);
  const found = tenant.select(filter);
  const skip = number(query, 'skip', 0);
  const end = Math.min(skip + Math.min(number(query, 'limit', 50), manners.maxLimit), manners.cap);
  const page = order === 'oldest' ? found.slice(skip, end) : found.toReversed().slice(skip, end);
  const missing = faults.get('missing-item')?.items ?? 0;
  page.splice(Math.max(0, Math.floor((page.length - missing) / 2)), missing);
  return { total: found.length, items: faults.has('empty-page') ? [] : page.map((index) => tenant.session(index)) };
}

/** At the very beginning of what is being listed: all that follows moves by one. */
function insertInto(tenant: Tenant, { range }: Filter): void {
  const first = range?.from.day ?? tenant.firstDay;
  tenant.insert(dayText(first), Math.min(range?.from.micros ?? 0, DAY_MICROS - 1));
}

function dictionary(
  items: readonly Item[],
  isPaged: boolean,
  manners: Manners,
  query: URLSearchParams,
): readonly Item[] {
  if (!isPaged) return items;
  const skip = manners.ignoresSkip ? 0 : number(query, 'skip', 0);
  return items.slice(skip, skip + Math.min(number(query, 'limit', 100), manners.maxLimit));
}

function number(query: URLSearchParams, name: string, otherwise: number): number {
  const text = query.get(name);
  if (text === null) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new FilterError(`${name} is no whole number: ${text}`);
  return Number(text);
}

function ok(body: unknown): Answer {
  return { status: 200, body };
}
