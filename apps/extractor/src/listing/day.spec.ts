import { hastyClient } from '../../spec/clients.js';
import { scriptedEt, type Reply, type ScriptedEt, type Seen } from '../../spec/scripted-et.js';
import type { EtClient } from '../et/client.js';
import { listDay, type AskedDay, type DayStep } from './day.js';

const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const numbered = (count: number, first = 0) => Array.from({ length: count }, (_, index) => ({ id: id(first + index) }));

/** An ET of one day, which holds what the function tells at each question. */
interface Day {
  sessions(question: number): unknown[];
  limit?: number;
  ignoresSkip?: boolean;
  empty?: boolean;
}

let et: ScriptedEt;
let client: EtClient;
afterEach(async () => {
  client.close();
  await et.close();
});

async function list(
  answer: (request: Seen, question: number) => Reply,
  asked: AskedDay = { day: '2026-11-20' },
  reach?: number,
) {
  let question = 0;
  et = await scriptedEt((request) => answer(request, question++));
  client = hastyClient(et.url);
  const steps: DayStep[] = [];
  for await (const step of listDay(client, asked, { lane: 'live' }, reach)) steps.push(step);
  const ids = steps.flatMap((step) => (step.kind === 'sessions' ? step.sessions.map((session) => session.id) : []));
  return { ids, end: steps.at(-1) };
}

function of({ sessions, limit = 500, ignoresSkip = false, empty = false }: Day) {
  return ({ path, query }: Seen, question: number): Reply => {
    const all = sessions(question);
    if (path === '/sessions/filter/number_of_sessions') return { json: [all.length, 0] };
    const skip = ignoresSkip ? 0 : Number(query.get('skip'));
    const most = Math.min(limit, Number(query.get('limit')));
    return { json: { total: all.length, items: empty ? [] : all.slice(skip, skip + most) } };
  };
}

const end = (listed: number, countBefore: number | null, countAfter: number | null, reason?: string) => ({
  kind: 'end',
  listed,
  countBefore,
  countAfter,
  reason,
});

describe('listing a day', () => {
  test('counts, lists oldest first, counts again', async () => {
    const result = await list(of({ sessions: () => numbered(1200) }));
    expect(result).toEqual({ ids: numbered(1200).map((session) => session.id), end: end(1200, 1200, 1200) });
    expect(et.seen.map(({ path, query }) => [path, query.get('skip'), query.get('order_by')])).toEqual([
      ['/sessions/filter/number_of_sessions', null, null],
      ['/sessions', '0', 'oldest'],
      ['/sessions', '500', 'oldest'],
      ['/sessions', '1000', 'oldest'],
      ['/sessions/filter/number_of_sessions', null, null],
    ]);
    expect(et.seen[1]?.query.get('filters')).toBe('date_range,2026-11-20,2026-11-20||');
  });

  test('an empty day is counted too', async () => {
    expect(await list(of({ sessions: () => [] }))).toEqual({ ids: [], end: end(0, 0, 0) });
  });

  test('goes on by what came back where ET lowers the limit in silence', async () => {
    expect((await list(of({ sessions: () => numbered(250), limit: 100 }))).end).toEqual(end(250, 250, 250));
  });

  test('where ET ignores skip it ends, and the figures tell', async () => {
    expect((await list(of({ sessions: () => numbered(600), ignoresSkip: true }))).end).toEqual(end(500, 600, 600));
  });

  test('empty pages of a day that is not empty are a mismatch, not silence', async () => {
    expect((await list(of({ sessions: () => numbered(7), empty: true }))).end).toEqual(end(0, 7, 7));
  });

  test('what is added meanwhile is listed again, each session told once', async () => {
    const { ids, end: last } = await list(of({ sessions: (question) => numbered(question < 2 ? 3 : 5) }));
    expect(ids).toEqual(numbered(5).map((session) => session.id));
    expect(last).toEqual(end(5, 5, 5));
  });

  test('what never stands still is listed three times and told as it is', async () => {
    const { end: last } = await list(of({ sessions: (question) => numbered(question + 1) }));
    expect(last).toMatchObject({ kind: 'end', listed: 6, countBefore: 5, countAfter: 7 });
    expect(et.seen.filter(({ path }) => path === '/sessions')).toHaveLength(3);
  });

  test('a limit stops the listing and leaves no counts; one that cuts nothing does not', async () => {
    const cut = await list(of({ sessions: () => numbered(1200) }), { day: '2026-11-20', limit: 700 });
    expect([cut.ids.length, cut.end]).toEqual([700, end(700, null, null)]);
    client.close();
    await et.close();
    const whole = await list(of({ sessions: () => numbered(12) }), { day: '2026-11-20', limit: 12 });
    expect(whole.end).toEqual(end(12, 12, 12));
  });

  test('ids of any case are one session; what has no id is counted too', async () => {
    const upper = { id: 'ABCDEFAB-0000-4000-8000-000000000000' };
    const odd = [upper, { id: upper.id.toLowerCase() }, {}, { id: 7 }, null, 'text'];
    const { ids, end: last } = await list(({ path }) =>
      path === '/sessions' ? { json: { total: 6, items: odd } } : { json: [5, 0] },
    );
    expect(new Set(ids).size).toBe(5);
    expect(last).toEqual(end(5, 5, 5));
  });

  test('a filter is asked for with the day', async () => {
    await list(of({ sessions: () => [] }), { day: '2026-11-20', filters: 'is_scored,manual' });
    expect(new Set(et.seen.map(({ query }) => query.get('filters')))).toEqual(
      new Set(['date_range,2026-11-20,2026-11-20||±is_scored,manual']),
    );
  });

  test('an answer without a list of items is an error, not an empty day', async () => {
    const strange = list(({ path }) => (path === '/sessions' ? { json: { total: 0 } } : { json: [0, 0] }));
    await expect(strange).rejects.toMatchObject({ kind: 'not json' });
  });
});

describe('a day beyond the reach of one filter', () => {
  /** One session a minute from midnight on, as many as told in the first minute, reached 10 at a time. */
  const reach = 10;
  function minutes(sessions: { id: string; minute: number }[]) {
    return ({ path, query }: Seen): Reply => {
      const [, from, to] = /\|\|(\d\d:\d\d),(\d\d:\d\d)/.exec(query.get('filters') ?? '') ?? [];
      const minute = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
      const found = sessions.filter((one) => !from || !to || (one.minute >= minute(from) && one.minute <= minute(to)));
      if (path !== '/sessions') return { json: [found.length, 0] };
      const skip = Number(query.get('skip'));
      return { json: { total: found.length, items: found.slice(0, reach).slice(skip, skip + 4) } };
    };
  }

  test('is cut by time of day until each part fits, each session told once', async () => {
    const sessions = numbered(90).map((session, index) => ({ ...session, minute: (index * 7) % 1440 }));
    const { ids, end: last } = await list(minutes(sessions), { day: '2026-11-20' }, reach);
    expect([...ids].sort()).toEqual(sessions.map((session) => session.id).sort());
    expect(new Set(ids).size).toBe(90);
    expect(last).toEqual(end(90, 90, 90));
  });

  test('says so where a minute holds more than that', async () => {
    const sessions = numbered(25).map((session) => ({ ...session, minute: 600 }));
    const { end: last } = await list(minutes(sessions), { day: '2026-11-20' }, reach);
    expect(last).toEqual(end(10, 25, 25, 'a minute holds more sessions than ET lists'));
  });
});

describe('a listing with a session that ET cannot be read for', () => {
  const deep: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"items":[${'['.repeat(2_000)}`);
  };
  const answer = (all: readonly { id: string }[], bad: (from: number, to: number) => boolean) => (request: Seen) => {
    const [skip, limit] = [Number(request.query.get('skip')), Number(request.query.get('limit'))];
    if (request.path === '/sessions' && bad(skip, skip + limit)) return deep;
    return of({ sessions: () => [...all] })(request, 0);
  };

  test.each([0, 333, 699])('leaves out that one alone (%i), and says so', async (which) => {
    const all = numbered(700);
    const { ids, end: figures } = await list(answer(all, (from, to) => from <= which && which < to));
    expect(ids).toEqual(all.filter((_, index) => index !== which).map((session) => session.id));
    expect(figures).toEqual(end(699, 700, 700, 'what ET answers for one session is too large, and it was left out'));
    expect(et.seen.length).toBeLessThan(100);
  });

  test('gives up where nothing can be read, however little is asked for', async () => {
    await expect(list(answer(numbered(700), () => true))).rejects.toMatchObject({ kind: 'too large' });
    expect(et.seen.length).toBeLessThan(40);
  });
});
