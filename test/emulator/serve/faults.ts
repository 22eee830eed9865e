import { z } from 'zod';

import { day } from '#contracts';

import { Random, scatterAll } from '../generate/random.js';
import { type Endpoint, endpoints } from './endpoints.js';

const endpoint = z.enum(endpoints);

/**
 * One kind of misbehaviour, as code and `POST /_emulator/faults` give it.
 * Of the answer as a whole: `status` (with `status`, `retryAfter`), `reset` before any answer, `truncated` body,
 * `html` with 200, `slow` (half of the body at once, the rest after `ms`). Of its content: `empty-page`
 * (a count tells 0), `missing-item` (`items`, 1 unless told, left out of a page of sessions), `inserted` (a session
 * appears at the beginning of the asked range, so that what follows moves by one).
 */
export const faultRule = z.strictObject({
  fault: z.enum(['status', 'reset', 'truncated', 'html', 'slow', 'empty-page', 'missing-item', 'inserted']),
  /** Absent: every endpoint but the login. */
  endpoint: z.union([endpoint, z.array(endpoint)]).optional(),
  /** Only requests about this session. */
  sessionId: z.string().optional(),
  /** Only listings and counts that begin with this day. */
  day: day.optional(),
  probability: z.number().min(0).max(1).default(1),
  /** The first so many requests of the endpoint are left alone. */
  after: z.int().nonnegative().default(0),
  /** Ends after so many times; absent: never. */
  count: z.int().positive().optional(),
  status: z.int().min(400).max(599).default(503),
  /** Seconds; sent with 429 and 503. */
  retryAfter: z.number().nonnegative().optional(),
  retryAfterAs: z.enum(['seconds', 'date']).default('seconds'),
  ms: z.int().nonnegative().default(1000),
  items: z.int().positive().default(1),
});
export type FaultInput = z.input<typeof faultRule>;
export type Fault = z.infer<typeof faultRule>;

interface Rule {
  readonly fault: Fault;
  readonly salt: number;
  seen: number;
  done: number;
}

/** Faults that change an answer's content; the others replace or spoil it as a whole, and only one of them does. */
const ofContent = new Set<Fault['fault']>(['empty-page', 'missing-item', 'inserted']);
const BUCKETS = 1 << 20;

/** The misbehaviour in force. It can be changed at any time. */
export class Faults {
  readonly #seed: number;
  #rules: Rule[] = [];
  /** How often each address was asked for, by its hash: luck depends on that alone, so that runs repeat. */
  #asked = new Uint16Array(BUCKETS);

  constructor(seed: number) {
    this.#seed = seed;
  }

  /** Replaces all rules. Throws a `ZodError` for one that makes no sense. */
  set(rules: readonly FaultInput[]): void {
    this.#rules = rules.map((rule, salt) => ({ fault: faultRule.parse(rule), salt, seen: 0, done: 0 }));
    this.#asked = new Uint16Array(BUCKETS);
  }

  clear(): void {
    this.set([]);
  }

  /** What befalls one request: any number of faults of its content, and at most one of the whole answer, the last. */
  befall(asked: Endpoint, url: string, sessionId?: string): readonly Fault[] {
    if (this.#rules.length === 0) return [];
    const address = hash(url);
    const times = (this.#asked[address % BUCKETS] = (this.#asked[address % BUCKETS] ?? 0) + 1);
    const hits: Fault[] = [];
    for (const rule of this.#rules) {
      if (!concerns(rule.fault, asked, url, sessionId)) continue;
      rule.seen += 1;
      const { after, count, probability, fault } = rule.fault;
      if (rule.seen <= after || (count !== undefined && rule.done >= count)) continue;
      if (!new Random(this.#seed, 'faults', scatterAll(address, times), rule.salt).chance(probability)) continue;
      rule.done += 1;
      hits.push(rule.fault);
      if (!ofContent.has(fault)) break;
    }
    return hits;
  }
}

function concerns(fault: Fault, asked: Endpoint, url: string, sessionId?: string): boolean {
  if (fault.day !== undefined && !decodeURIComponent(url).includes(`date_range,${fault.day},`)) return false;
  if (fault.sessionId !== undefined && fault.sessionId.toLowerCase() !== sessionId?.toLowerCase()) return false;
  if ((fault.fault === 'missing-item' || fault.fault === 'inserted') && asked !== 'sessions') return false;
  if (fault.endpoint === undefined) return asked !== 'login';
  return Array.isArray(fault.endpoint) ? fault.endpoint.includes(asked) : fault.endpoint === asked;
}

function hash(text: string): number {
  let bits = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1) bits = Math.imul(bits ^ text.charCodeAt(place), 0x01000193);
  return bits >>> 0;
}
