import { type Emulator, startEmulator } from './emulator.js';
import { Client, type Reply } from './serve/asking.js';

type Listing = { total: number; items: { id: string }[] };
let emulator: Emulator;
let client: Client;

beforeEach(async () => {
  emulator = await startEmulator({ seed: 4, sessions: 90, days: 2, lastDay: '2026-11-20' });
  client = new Client(emulator.url);
});
afterEach(async () => {
  client.close();
  await emulator.close();
});

const get = (path: string): Promise<Reply> =>
  client.ask(`/api/v1${path}`, { headers: { authorization: `Bearer ${emulator.token}` } });
const page = (skip: number, limit: number): Promise<Reply> =>
  get(`/sessions?skip=${skip}&limit=${limit}&filters=date_range,2026-11-20,2026-11-20||`);
const ids = (reply: Reply): string[] => reply.json<Listing>().items.map(({ id }) => id.toLowerCase());

it.each([401, 429, 500, 502, 503, 504])('answers %i once and then as it should', async (status) => {
  emulator.faults.set([{ fault: 'status', status, count: 1 }]);
  expect((await get('/labels')).status).toBe(status);
  expect((await get('/labels')).status).toBe(200);
  expect(emulator.stats().faults).toEqual({ status: 1 });
});

it('says with a 429 how long to wait, in seconds or as a date', async () => {
  const rule = { fault: 'status', status: 429, count: 1, retryAfter: 7 } as const;
  emulator.faults.set([rule, { ...rule, retryAfterAs: 'date' }]);
  expect((await get('/labels')).headers['retry-after']).toBe('7');
  const until = Date.parse((await get('/labels')).headers['retry-after'] ?? '') - Date.now();
  expect(until).toBeGreaterThan(5000);
  expect(until).toBeLessThanOrEqual(7000);
});

it('resets connections', async () => {
  emulator.faults.set([{ fault: 'reset', count: 1 }]);
  await expect(get('/labels')).rejects.toThrow(/ECONNRESET|hang up/);
  expect((await get('/labels')).status).toBe(200);
  expect(emulator.stats().byStatus).toEqual({ 0: 1, 200: 1 });
});

it('breaks off in the midst of a body', async () => {
  emulator.faults.set([{ fault: 'truncated', count: 1 }]);
  await expect(page(0, 20)).rejects.toThrow(/aborted|ECONNRESET/);
  expect(ids(await page(0, 20))).toHaveLength(20);
});

it('answers HTML with 200', async () => {
  emulator.faults.set([{ fault: 'html', count: 1 }]);
  const reply = await get('/labels');
  expect([reply.status, reply.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(reply.text).toContain('Sign in');
});

it('sends a body slowly', async () => {
  emulator.faults.set([{ fault: 'slow', ms: 60 }]);
  const begun = performance.now();
  expect((await get('/labels')).json<unknown[]>()).toHaveLength(12);
  expect(performance.now() - begun).toBeGreaterThanOrEqual(59);
});

it('fails one detail of one session for ever, and nothing else', async () => {
  const [id = '', other = ''] = emulator.tenant.ids();
  emulator.faults.set([{ fault: 'status', status: 500, endpoint: 'summary', sessionId: id }]);
  for (let time = 0; time < 5; time += 1) expect((await get(`/sessions/${id.toUpperCase()}/summary`)).status).toBe(500);
  expect((await get(`/sessions/${id}/comments`)).status).toBe(200);
  expect((await get(`/sessions/${other}/summary`)).status).toBe(200);
});

it('answers an empty page once', async () => {
  emulator.faults.set([{ fault: 'empty-page', count: 2 }]);
  expect((await page(0, 20)).json<Listing>()).toEqual({ total: emulator.tenant.counts()['2026-11-20'], items: [] });
  expect((await get('/agents')).json()).toEqual([]);
  expect(ids(await page(0, 20))).toHaveLength(20);
});

it('counts nothing where it lists nothing, if asked to', async () => {
  emulator.faults.set([{ fault: 'empty-page', endpoint: ['sessions', 'count'], day: '2026-11-20' }]);
  const count = (day: string) => get(`/sessions/filter/number_of_sessions?filters=date_range,${day},${day}||`);
  expect((await count('2026-11-20')).json()).toEqual([0, 0]);
  expect(ids(await page(0, 20))).toEqual([]);
  expect((await count('2026-11-19')).json<number[]>()[0]).toBe(emulator.tenant.counts()['2026-11-19']);
});

it('leaves sessions out of a page, as many as asked for', async () => {
  const whole = ids(await page(0, 20));
  emulator.faults.set([{ fault: 'missing-item', items: 3 }]);
  expect(ids(await page(0, 20))).toEqual(whole.filter((_, place) => place < 8 || place > 10));
  expect(ids(await page(0, 2))).toEqual([]);
});

it('leaves one session out of a page, and tells the whole number all the same', async () => {
  const whole = ids(await page(0, 20));
  emulator.faults.set([{ fault: 'missing-item', count: 1 }]);
  const reply = await page(0, 20);
  expect(ids(reply)).toHaveLength(19);
  expect(whole).toEqual(expect.arrayContaining(ids(reply)));
  expect(reply.json<Listing>().total).toBe(emulator.tenant.counts()['2026-11-20']);
  expect(ids(await page(20, 20))[0]).not.toBe(whole.at(-1));
});

it('inserts a session while somebody pages: the next page begins with the last one again', async () => {
  const before = emulator.tenant.ids('2026-11-20');
  emulator.faults.set([{ fault: 'inserted', after: 1, count: 1 }]);
  const first = ids(await page(0, 10));
  const second = ids(await page(10, 10));
  expect(second[0]).toBe(first.at(-1));
  const after = emulator.tenant.ids('2026-11-20');
  expect(after).toHaveLength(before.length + 1);
  expect(after.filter((id) => before.includes(id))).toEqual(before);
  expect(emulator.tenant.size).toBe(91);
});

it('fails a share of requests, the same ones in every run', async () => {
  const run = async (): Promise<number[]> => {
    emulator.faults.set([{ fault: 'status', status: 502, probability: 0.3 }]);
    const statuses: number[] = [];
    for (const id of emulator.tenant.ids()) statuses.push((await get(`/sessions/${id}/comments`)).status);
    return statuses;
  };
  const first = await run();
  expect(first).toEqual(await run());
  const failed = first.filter((status) => status === 502).length;
  expect(failed).toBeGreaterThan(15);
  expect(failed).toBeLessThan(45);
});
