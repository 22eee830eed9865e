import { type Emulator, type EmulatorOptions, startEmulator } from './emulator.js';
import { Client, type Reply } from './serve/asking.js';

type Listing = { total: number; items: { id: string }[] };
let emulator: Emulator;
let client: Client;

async function start(options: EmulatorOptions = {}): Promise<void> {
  emulator = await startEmulator({ seed: 21, sessions: 120, days: 3, lastDay: '2026-11-20', ...options });
  client = new Client(emulator.url);
}
afterEach(async () => {
  client.close();
  await emulator.close();
});

const get = (path: string): Promise<Reply> =>
  client.ask(`/api/v1${path}`, { headers: { authorization: `Bearer ${emulator.token}` } });
const login = (form: Record<string, string>): Promise<Reply> =>
  client.ask('/api/v1/login/access-token', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form).toString(),
  });
const control = (path: string, body?: unknown): Promise<Reply> =>
  client.ask(`/_emulator/${path}`, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
const ids = (reply: Reply): string[] => reply.json<Listing>().items.map(({ id }) => id.toLowerCase());
const day = encodeURIComponent('date_range,2026-11-19,2026-11-19||');

describe('login', () => {
  it('gives a token that opens the API until it expires', async () => {
    await start();
    const first = (await login({ username: emulator.user, password: emulator.password })).json<
      Record<string, unknown>
    >();
    expect(first).toEqual({ access_token: expect.any(String), token_type: 'bearer', expires_in: '3600' });
    const second = (await login({ username: emulator.user, password: emulator.password })).json<
      Record<string, unknown>
    >();
    expect(second['expires_in']).toBe(3600);
    const headers = { authorization: `bearer ${String(first['access_token'])}` };
    expect((await client.ask('/api/v1/labels', { headers })).status).toBe(200);
    expect((await control('expire', {})).status).toBe(200);
    expect((await client.ask('/api/v1/labels', { headers })).status).toBe(401);
    expect(emulator.stats()).toMatchObject({ logins: 2, byEndpoint: { login: 2, labels: 2 } });
  });

  it('gives tokens that live as long as told', async () => {
    await start({ lifetimeSeconds: 0 });
    const told = (await login({ username: emulator.user, password: emulator.password })).json<{
      access_token: string;
    }>();
    const headers = { authorization: `bearer ${told.access_token}` };
    expect((await client.ask('/api/v1/labels', { headers })).status).toBe(401);
  });

  it('refuses a wrong password, a body that is no form, and strangers', async () => {
    await start();
    expect((await login({ username: emulator.user, password: 'wrong' })).status).toBe(401);
    const body = JSON.stringify({ username: emulator.user, password: emulator.password });
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect((await client.ask('/api/v1/login/access-token', json)).status).toBe(422);
    expect((await client.ask('/api/v1/labels')).status).toBe(401);
    expect((await client.ask('/api/v1/labels', { headers: { authorization: 'bearer nobody' } })).status).toBe(401);
  });

  it('takes the personal token, bare or after a scheme', async () => {
    await start();
    for (const authorization of [emulator.token, `Bearer ${emulator.token}`, `Token ${emulator.token}`]) {
      expect((await client.ask('/api/v1/labels', { headers: { authorization } })).status).toBe(200);
    }
  });
});

describe('dictionaries', () => {
  it('are told whole, or by pages where ET pages them', async () => {
    await start();
    const { agents, scorecards } = emulator.tenant.dictionaries;
    const told = (items: unknown) => JSON.parse(JSON.stringify(items)) as unknown;
    expect((await get('/scorecards')).json()).toEqual(told(scorecards));
    expect((await get('/agents?skip=0&limit=999')).json()).toEqual(told(agents));
    expect((await get('/agents?skip=55&limit=10')).json()).toEqual(told(agents.slice(55)));
    expect((await get('/agents?skip=60&limit=10')).json()).toEqual([]);
    for (const path of ['/agent-groups', '/categories', '/labels', '/tags', '/users']) {
      expect((await get(path)).json<unknown[]>().length).toBeGreaterThan(5);
    }
  });

  it('can come with a lower limit, or from the beginning each time', async () => {
    await start({ maxLimit: 25, ignoresSkip: true });
    const first = (await get('/tags?skip=0&limit=9999')).json<unknown[]>();
    expect(first).toHaveLength(25);
    expect((await get('/tags?skip=25&limit=9999')).json()).toEqual(first);
  });
});

describe('sessions', () => {
  it('are paged oldest first, with the whole number told each time', async () => {
    await start();
    const found: string[] = [];
    for (let skip = 0; ; skip += 17) {
      const reply = await get(`/sessions?skip=${skip}&limit=17&order_by=oldest&filters=${day}`);
      expect(reply.json<Listing>().total).toBe(emulator.tenant.counts()['2026-11-19']);
      if (ids(reply).length === 0) break;
      found.push(...ids(reply));
    }
    expect(found).toEqual(emulator.tenant.ids('2026-11-19'));
    expect(emulator.stats().listings[0]).toContain('filters=date_range,2026-11-19,2026-11-19||');
    expect(emulator.stats().connections).toBe(1);
  });

  it.each([
    ['encoded once', encodeURIComponent],
    ['encoded twice', (text: string) => encodeURIComponent(encodeURIComponent(text))],
    ['encoded only where HTTP wants it', (text: string) => text.replaceAll('±', '%C2%B1')],
  ])('are found by filters %s', async (_form, encode) => {
    await start();
    const filters = 'date_range,2026-11-18,2026-11-20||±categories,12,13,14,15|or';
    const found = ids(await get(`/sessions?limit=500&filters=${encode(filters)}`));
    expect(found.length).toBeGreaterThan(5);
    expect(found.length).toBeLessThan(120);
    expect((await get(`/sessions/filter/number_of_sessions?filters=${encode(filters)}`)).json<number[]>()[0]).toBe(
      found.length,
    );
  });

  it('end at the cap, though ET counts them all', async () => {
    await start({ cap: 30 });
    const page = (skip: number) => get(`/sessions?skip=${skip}&limit=20&filters=`);
    expect(ids(await page(0))).toHaveLength(20);
    expect(ids(await page(20))).toHaveLength(10);
    expect((await page(30)).json<Listing>()).toEqual({ total: 120, items: [] });
    expect((await get('/sessions/filter/number_of_sessions')).json<number[]>()).toEqual([120, 40]);
  });

  it('tell their details under ids in either case of letters', async () => {
    await start();
    const { tenant } = emulator;
    const index =
      [...tenant.indexes()].find((at) => tenant.comments(at).length > 0 && tenant.scores(at).length > 0) ?? -1;
    for (const id of [tenant.idOf(index), tenant.idOf(index).toUpperCase()]) {
      expect((await get(`/sessions/${id}`)).json()).toEqual(JSON.parse(JSON.stringify(tenant.detail(index))));
      for (const detail of ['scores', 'summary', 'comments', 'transcripts'] as const) {
        const told = (await get(`/sessions/${id}/${detail}`)).json();
        expect(told).toEqual(JSON.parse(JSON.stringify(tenant[detail](index))));
      }
    }
  });

  it('that are not there give a 404 in JSON; what makes no sense a 422', async () => {
    await start();
    const [id = ''] = emulator.tenant.ids();
    emulator.tenant.apply({ change: 'delete', ids: [id] });
    for (const path of [`/sessions/${id}`, `/sessions/${id}/scores`, '/sessions/nobody', '/no/such/thing']) {
      const reply = await get(path);
      expect([path, reply.status, reply.headers['content-type']]).toEqual([path, 404, 'application/json']);
    }
    expect((await get('/sessions?filters=date_range,2026-02-31,2026-03-01||')).status).toBe(422);
    expect((await get('/sessions?skip=-1')).status).toBe(422);
  });
});

describe('the server', () => {
  it('tells its own clock, ahead of ours where told so', async () => {
    await start({ clockAheadMs: 3_600_000 });
    const ahead = Date.parse((await get('/labels')).headers.date ?? '') - Date.now();
    expect(ahead).toBeGreaterThan(3_590_000);
    expect(ahead).toBeLessThanOrEqual(3_600_000);
  });

  it('waits before each answer, and tells how many it had at once', async () => {
    // Long enough for all eight to arrive on a busy machine before the first is answered.
    await start({ latencyMs: 400 });
    const begun = performance.now();
    await Promise.all(Array.from({ length: 8 }, () => get('/labels')));
    expect(performance.now() - begun).toBeGreaterThanOrEqual(399);
    expect(emulator.stats()).toMatchObject({ inFlightPeak: 8, requests: 8, byStatus: { 200: 8 } });
  });

  it('is changed and watched from outside', async () => {
    await start();
    const [id = '', other = ''] = emulator.tenant.ids('2026-11-18');
    const changes = [
      { change: 'delete', ids: [id] },
      { change: 'move', id: other, day: '2026-11-20' },
      { change: 'late', day: '2026-11-18', sessions: 2 },
    ];
    expect((await control('changes', changes)).status).toBe(200);
    expect((await control('changes', { change: 'rename-agent', id: 101, name: 'Оля' })).status).toBe(200);
    expect(emulator.tenant.size).toBe(121);
    expect(emulator.tenant.ids('2026-11-20')).toContain(other);
    expect((await get('/agents')).json<{ name: string }[]>()[0]?.name).toBe('Оля');
    expect((await control('stats')).json()).toMatchObject({ sessions: 121, byEndpoint: { agents: 1 } });
    expect((await control('changes', { change: 'nonsense' })).status).toBe(422);
    expect((await control('changes', { change: 'delete', ids: ['nobody'] })).json()).toEqual({
      detail: 'no session nobody',
    });
    expect((await control('faults', { rules: [{ fault: 'status', endpoint: 'labels' }], latencyMs: 1 })).status).toBe(
      200,
    );
    expect((await get('/labels')).status).toBe(503);
    expect((await control('reset-stats', {})).status).toBe(200);
    expect(emulator.stats()).toMatchObject({ requests: 0, byEndpoint: {}, faults: {} });
    expect((await control('nothing')).status).toBe(404);
  });
});
