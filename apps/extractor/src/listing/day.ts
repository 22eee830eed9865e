import { sessionKey, type Page } from '#contracts';

import { jsonBytes } from '../cut.js';
import type { Asker, EtClient } from '../et/client.js';
import { dayFilter, type Window } from '../et/filters.js';
import { countAnswer, LARGEST_SESSION_BYTES } from './answers.js';
import { sessionPages, type SessionPage } from './session-pages.js';
import { halves, WHOLE_DAY } from './windows.js';

/** How many sessions one filter reaches, about. Source: et-api facts. */
const REACH = 10_000;
const ROUNDS = 3;

export interface AskedDay {
  readonly day: string;
  readonly filters?: string | undefined;
  readonly limit?: number | undefined;
}

export type ListedSession = Page['sessions'][number];

/** What a listing tells as it goes: sessions not told before, at last the figures of the end message. */
export type DayStep =
  | { readonly kind: 'sessions'; readonly version: number; readonly sessions: ListedSession[] }
  | {
      readonly kind: 'end';
      readonly listed: number;
      readonly countBefore: number | null;
      readonly countAfter: number | null;
      readonly reason: string | undefined;
    };

/**
 * Lists the sessions of a day: count, list, count again; where the count moved or differs from the distinct ids
 * listed, once more, at most three times, telling only ids not told before.
 */
export async function* listDay(
  client: EtClient,
  asked: AskedDay,
  asker: Asker,
  reach = REACH,
): AsyncGenerator<DayStep> {
  const seen = new Set<string>();
  const notes = new Set<string>();
  const limit = asked.limit ?? Number.POSITIVE_INFINITY;
  const listing = new Listing(client, asked, asker, Math.max(reach, 1), notes);

  let before = await listing.count(undefined);
  for (let round = 1; ; round++) {
    for await (const { version, items } of listing.answers(undefined, Math.min(before, limit))) {
      const sessions = unseen(items, seen, limit, notes);
      if (sessions.length > 0) yield { kind: 'sessions', version, sessions };
      if (seen.size >= limit) break;
    }
    if (before > reach && seen.size < Math.min(before, limit)) {
      for await (const { version, items } of listing.latest()) {
        const sessions = unseen(items, seen, limit, notes);
        if (sessions.length === 0) break;
        yield { kind: 'sessions', version, sessions };
      }
    }
    const reason = notes.size > 0 ? [...notes].join('; ') : undefined;
    if (seen.size >= limit && before > limit) {
      yield { kind: 'end', listed: seen.size, countBefore: null, countAfter: null, reason };
      return;
    }
    const after = await listing.count(undefined);
    if ((after === before && seen.size === after) || round === ROUNDS) {
      yield { kind: 'end', listed: seen.size, countBefore: before, countAfter: after, reason };
      return;
    }
    before = after;
  }
}

class Listing {
  constructor(
    private readonly client: EtClient,
    private readonly asked: AskedDay,
    private readonly asker: Asker,
    private readonly reach: number,
    private readonly notes: Set<string>,
  ) {}

  async count(window: Window | undefined): Promise<number> {
    const filters = dayFilter(this.asked.day, window, this.asked.filters);
    return countAnswer((await this.client.get('/sessions/filter/number_of_sessions', { filters }, this.asker)).body);
  }

  /** Every answer of the day or a window of it, which is cut in two until ET's reach covers it. */
  async *answers(window: Window | undefined, expected: number): AsyncGenerator<SessionPage> {
    const parts = expected > this.reach ? halves(window ?? WHOLE_DAY) : undefined;
    if (!parts) {
      if (expected > this.reach) this.notes.add('a minute holds more sessions than ET lists');
      yield* this.pages(window, expected);
      return;
    }
    for (const part of parts) yield* this.answers(part, await this.count(part));
  }

  /**
   * The day from its end backwards. No time of day reaches past 23:59, and where bounds do not include their minute's
   * seconds the windows of a cut day lose its last ones. Source: `order_by` of ET's Python SDK.
   */
  latest(): AsyncGenerator<SessionPage> {
    return this.pages(undefined, 0, 'newest');
  }

  private pages(window: Window | undefined, expected: number, order_by = 'oldest'): AsyncGenerator<SessionPage> {
    const filters = dayFilter(this.asked.day, window, this.asked.filters);
    return sessionPages(
      (part) => this.client.get('/sessions', { ...part, order_by, filters }, this.asker),
      expected,
      () => this.notes.add('what ET answers for one session is too large, and it was left out'),
    );
  }
}

/** The sessions among `items` that the attempt has not told yet, in the form in which they travel. */
function unseen(items: unknown[], seen: Set<string>, limit: number, notes: Set<string>): ListedSession[] {
  const fresh: ListedSession[] = [];
  for (const item of items) {
    const listed = asListed(item);
    const key = sessionKey(listed);
    if (seen.size >= limit) break;
    if (seen.has(key)) continue;
    if (jsonBytes(listed) > LARGEST_SESSION_BYTES) {
      notes.add(`session ${key} is above 8 MiB and was left out`);
      continue;
    }
    seen.add(key);
    fresh.push(listed);
  }
  return fresh;
}

/** What is no object, or has no id, travels under a key made of its content, to be rejected by name. */
function asListed(item: unknown): ListedSession {
  const session = typeof item === 'object' && item !== null && !Array.isArray(item) ? { ...item } : { listed: item };
  const id = (session as Record<string, unknown>)['id'];
  return { id: typeof id === 'string' ? id : sessionKey(item), session };
}
