import { sessionKey } from '#contracts';

import { EtError } from '../et/errors.js';
import { sessionsAnswer } from './answers.js';

const PAGE = 500;
/** An installation that ignores `limit` answers with too much however little is asked for. */
const MOST_LEFT_OUT = 10;

/** Asks ET for a part of a listing. Rejects with `EtError`. */
type AskPart = (part: { readonly skip: number; readonly limit: number }) => Promise<{ version: number; body: unknown }>;

export interface SessionPage {
  readonly version: number;
  readonly items: unknown[];
}

/**
 * Every answer of a listing. Goes on by what came back: an installation may lower the limit in silence, or ignore
 * `skip`. Where an answer is too large it asks for less, until it is known which session makes it so: that one is told
 * to `leaveOut`.
 */
export async function* sessionPages(ask: AskPart, expected: number, leaveOut: () => void): AsyncGenerator<SessionPage> {
  const met = new Set<string>();
  let most = expected;
  for (let skip = 0, limit = PAGE, leftOut = 0; ;) {
    const page = await unlessTooLarge(ask({ skip, limit }));
    if (page instanceof EtError && limit > 1) {
      limit = Math.ceil(limit / 2);
      continue;
    }
    if (page instanceof EtError) {
      leftOut += 1;
      if (leftOut > MOST_LEFT_OUT) throw page;
      leaveOut();
      skip += 1;
    } else {
      const { items, total } = sessionsAnswer(page.body);
      const known = met.size;
      for (const item of items) met.add(sessionKey(item));
      if (met.size === known) return;
      yield { version: page.version, items };
      skip += items.length;
      most = Math.max(total, expected);
    }
    if (skip >= most) return;
    limit = Math.min(PAGE, limit * 2);
  }
}

async function unlessTooLarge<T>(asked: Promise<T>): Promise<T | EtError> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof EtError && error.kind === 'too large') return error;
    throw error;
  }
}
