import { once } from 'node:events';
import { connect } from 'node:net';

import { counter, gauge, histogram } from './metrics.js';
import type { Checks } from './readiness.js';
import { serveHealth, type HealthServer } from './serve-health.js';

const host = '127.0.0.1';
const up = { status: 'up', facts: {} } as const;

let checks: Checks;
let server: HealthServer;

beforeEach(async () => {
  checks = { broker: up };
  server = await serveHealth({ host, port: 0, checks: () => checks });
});
afterEach(() => server.close());

const ask = (path: string, method = 'GET') => fetch(`http://${host}:${server.port}${path}`, { method });
const answered = async (path: string) => {
  const answer = await ask(path);
  return { status: answer.status, body: await answer.json() };
};

it('is alive whatever its parts say', async () => {
  checks = { broker: { status: 'down', facts: {} } };
  expect(await answered('/healthz')).toEqual({ status: 200, body: { status: 'ok' } });
});

it('is ready while no part is down, and says which does less than it should', async () => {
  expect(await answered('/readyz')).toMatchObject({ status: 200, body: { status: 'ok' } });
  checks = { broker: up, work: { status: 'degraded', facts: { paused: ['rows'] } } };
  expect(await answered('/readyz')).toMatchObject({
    status: 200,
    body: { status: 'degraded', details: { broker: { status: 'up' }, work: { status: 'degraded', paused: ['rows'] } } },
  });
});

it('is not ready while a part is down, and says why', async () => {
  checks = { broker: { status: 'down', facts: { reason: 'nobody is there' } }, work: up };
  expect(await answered('/readyz')).toMatchObject({
    status: 503,
    body: { status: 'error', error: { broker: { status: 'down', reason: 'nobody is there' } }, info: { work: {} } },
  });
});

it('tells metrics as they stand when they are asked for', async () => {
  let asked = 0;
  const merges = histogram({ name: 'merges_seconds', help: 'Merges' }, [1, 5]);
  server.add([
    counter({ name: 'asked_total', help: 'How often', labelNames: ['lane'] }, () => {
      asked += 1;
      return [{ labels: { lane: 'live' }, value: asked }, { value: 7 }];
    }),
    gauge({ name: 'waiting', help: 'Who waits', labelNames: ['who'] }, () =>
      asked === 1 ? [{ labels: { who: 'a' }, value: 1 }] : [],
    ),
    merges,
  ]);
  merges.observe(2);
  expect(asked).toBe(0);
  const first = await (await ask('/metrics')).text();
  expect(first).toContain(
    '# HELP asked_total How often\n# TYPE asked_total counter\nasked_total{lane="live"} 1\nasked_total 7\n',
  );
  expect(first).toContain('waiting{who="a"} 1\n');
  expect(first).toContain('merges_seconds_bucket{le="5"} 1\n');
  const second = await ask('/metrics');
  expect(second.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const text = await second.text();
  expect(text).toContain('asked_total{lane="live"} 2\n');
  expect(text).not.toContain('waiting{');
  expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
});

it('answers nothing else', async () => {
  expect((await ask('/')).status).toBe(404);
  expect((await ask('/metrics/x')).status).toBe(404);
  expect((await ask('/readyz', 'POST')).status).toBe(405);
  const head = await ask('/healthz', 'HEAD');
  expect([head.status, await head.text()]).toEqual([200, '']);
});

it('cuts off who does not come to the point, and who comes when a hundred are there', async () => {
  const impatient = await serveHealth({ host, port: 0, checks: () => checks, patienceMs: 50 });
  const slow = connect(impatient.port, host).resume();
  slow.write('GET /healthz HTTP/1.1\r\nhost: x\r\n');
  await once(slow, 'close');
  await impatient.close();

  const idle = Array.from({ length: 100 }, () => connect(server.port, host));
  await Promise.all(idle.map((socket) => once(socket, 'connect')));
  const late = connect(server.port, host).resume();
  await once(late, 'close');
  for (const socket of idle) socket.destroy();
});

it('says which setting to change where it cannot listen', async () => {
  const again = serveHealth({ host, port: server.port, checks: () => ({}) });
  await expect(again).rejects.toThrow(`port ${server.port} of ${host} is in use; set another HTTP_PORT, or 0 for none`);
  const elsewhere = serveHealth({ host: '192.0.2.1', port: 0, checks: () => ({}) });
  await expect(elsewhere).rejects.toThrow('HTTP_HOST is 192.0.2.1, which this machine does not listen on');
});
