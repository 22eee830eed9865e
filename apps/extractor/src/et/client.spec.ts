import { etSettings, hastyClient } from '../../spec/clients.js';
import { inTurn, scriptedEt, type Reply, type ScriptedEt, type Seen } from '../../spec/scripted-et.js';
import { EtClient } from './client.js';
import type { EtError } from './errors.js';

const live = { lane: 'live' } as const;
const password = { login: { kind: 'password', user: 'u@x.org', password: 'p&s=w' } } as const;
const ok: Reply = { json: [1] };
let et: ScriptedEt;
let client: EtClient | undefined;

afterEach(async () => {
  client?.close();
  await et.close();
});

async function start(
  script: (request: Seen) => Reply,
  ...settings: Parameters<typeof etSettings> extends [string, ...infer R] ? R : never
) {
  et = await scriptedEt(script);
  client = hastyClient(et.url, ...settings);
  return client;
}

const failure = (promise: Promise<unknown>): Promise<EtError> =>
  promise.then(
    () => Promise.reject(new Error('it should have failed')),
    (error: EtError) => error,
  );

function logins(token: () => string, life: unknown, answer: (authorization: string | undefined) => Reply) {
  return ({ path, headers }: Seen): Reply =>
    path === '/login/access-token'
      ? { json: { access_token: token(), token_type: 'bearer', expires_in: life } }
      : answer(headers.authorization);
}

describe('logging in', () => {
  test('sends a personal token as is', async () => {
    const client = await start(() => ok);
    await client.get('/tags', {}, live);
    expect(et.seen.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/tags', 'Bearer personal']]);
  });

  test('logs in once for many requests at once, with a form', async () => {
    const client = await start(
      logins(
        () => 'abc',
        '3600',
        () => ok,
      ),
      password,
    );
    await Promise.all(Array.from({ length: 20 }, () => client.get('/tags', {}, live)));
    const [login, ...others] = et.seen;
    expect(login).toMatchObject({ method: 'POST', path: '/login/access-token' });
    expect(Object.fromEntries(new URLSearchParams(login?.body))).toEqual({ username: 'u@x.org', password: 'p&s=w' });
    expect(login?.headers['content-type']).toContain('application/x-www-form-urlencoded');
    expect(new Set(others.map(({ headers }) => headers.authorization))).toEqual(new Set(['bearer abc']));
    expect(others).toHaveLength(20);
  });

  test('logs in again before the token ends', async () => {
    let tokens = 0;
    const client = await start(
      logins(
        () => `t${++tokens}`,
        0.002,
        () => ok,
      ),
      password,
    );
    await client.get('/tags', {}, live);
    const begun = Date.now();
    while (Date.now() - begun < 3);
    await client.get('/tags', {}, live);
    expect(et.seen.at(-1)?.headers.authorization).toBe('bearer t2');
  });

  test('logs in again once when the token ends in mid-run, and repeats the request', async () => {
    let tokens = 0;
    const ended: Reply = { status: 401, json: { detail: 'expired' } };
    const client = await start(
      logins(
        () => `t${++tokens}`,
        3600,
        (given) => (given === 'bearer t1' ? ended : ok),
      ),
      password,
    );
    expect((await client.get('/tags', {}, live)).body).toEqual([1]);
    expect(tokens).toBe(2);
    expect(client.stats().outcomes).toMatchObject({ ok: 3, auth: 1 });
  });

  test('a wrong password is told at once, with a hint and without the password, and not tried by every request', async () => {
    const client = await start(() => ({ status: 400, json: { detail: 'Incorrect email or password' } }), password);
    const errors = await Promise.all(Array.from({ length: 20 }, () => failure(client.get('/tags', {}, live))));
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['auth']));
    expect(errors[0]?.hint).toContain('ET_PASSWORD');
    expect(JSON.stringify([errors[0]?.message, errors[0]?.stack, errors[0]?.cause])).not.toContain('p&s=w');
    expect(et.seen).toHaveLength(1);
  });

  test('a personal token that is refused is not tried again', async () => {
    const client = await start(() => ({ status: 401, json: {} }));
    expect((await failure(client.get('/tags', {}, live))).kind).toBe('auth');
    expect(et.seen).toHaveLength(1);
  });
});

describe('trying again', () => {
  const html: Reply = (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
  const truncated: Reply = (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
    response.write('[1, 2', () => response.destroy());
  };
  const broken: Reply = (response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[1, 2');
  const reset: Reply = (response) => response.destroy();

  test.each<[string, Reply]>([
    ['408', { status: 408, json: {} }],
    ['425', { status: 425, json: {} }],
    ['429', { status: 429, json: {} }],
    ['503', { status: 503, json: {} }],
    ['an HTML page with status 200', html],
    ['an HTML page with status 404', (response) => response.writeHead(404, { 'content-type': 'text/html' }).end()],
    ['a truncated body', truncated],
    ['broken JSON', broken],
    ['a reset', reset],
  ])('heals %s', async (_, fault) => {
    const client = await start(inTurn(fault, fault, fault, fault, ok));
    expect((await client.get('/tags', {}, live)).body).toEqual([1]);
    expect(client.stats()).toMatchObject({ requests: 5, inFlight: 0 });
  });

  test.each([400, 403, 404, 409, 410, 422, 302])('does not ask again after %i', async (status) => {
    const client = await start(() => ({ status, json: {} }));
    expect((await failure(client.get('/tags', {}, live))).status).toBe(status);
    expect(et.seen).toHaveLength(1);
  });

  test('gives up after five tries', async () => {
    const client = await start(() => ({ status: 500, json: {} }));
    expect((await failure(client.get('/tags', {}, live))).kind).toBe('server');
    expect(et.seen).toHaveLength(5);
  });

  test.each([
    ['seconds', () => '1'],
    ['an HTTP date', () => new Date(Date.now() + 2000).toUTCString()],
  ])('obeys Retry-After in %s, the whole client with it', async (_, retryAfter) => {
    const script = inTurn({ status: 429, json: {}, headers: { 'retry-after': retryAfter() } }, ok);
    et = await scriptedEt(script);
    client = new EtClient(etSettings(et.url, { concurrency: 1 }));
    const begun = Date.now();
    await Promise.all([client.get('/tags', {}, live), client.get('/users', {}, live)]);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(900);
    expect(et.seen).toHaveLength(3);
  });

  test('refuses a body above 64 MiB', async () => {
    const megabyte = ' '.repeat(1024 * 1024);
    const huge: Reply = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let sent = 0; sent <= 64; sent++) response.write(megabyte);
      response.end('[]');
    };
    const client = await start(() => huge);
    expect((await failure(client.get('/tags', {}, live))).kind).toBe('too large');
    expect(et.seen).toHaveLength(1);
  });

  test('tells an address where nobody listens', async () => {
    await start(() => ok);
    await et.close();
    const error = await failure(client!.get('/tags', {}, live));
    expect([error.kind, error.message]).toEqual(['unreachable', expect.stringContaining('ECONNREFUSED')]);
  });

  test('an aborted request ends at once, waiting or not', async () => {
    const client = await start(() => () => undefined, { concurrency: 1 });
    const stop = new AbortController();
    const asked = [1, 2].map(() => client.get('/tags', {}, { ...live, signal: stop.signal }));
    stop.abort(new Error('stopping'));
    expect(await Promise.allSettled(asked)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(client.stats().inFlight).toBe(0);
  });
});

describe('versions', () => {
  test('rise with every request, and are the moment of sending', async () => {
    const client = await start(() => ok);
    const before = Date.now() * 1000;
    const versions = (await Promise.all([1, 2, 3].map(() => client.get('/tags', {}, live)))).map(
      ({ version }) => version,
    );
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    expect(versions[0]).toBeGreaterThanOrEqual(before);
  });

  test("follow ET's clock where it differs: a request sent before that was known is sent again", async () => {
    const hourAhead = () => ({ date: new Date(Date.now() + 3_600_000).toUTCString() });
    const client = await start(() => ({ json: [1], headers: hourAhead() }));
    const { version } = await client.get('/tags', {}, live);
    expect(Math.abs(version / 1000 - Date.now() - 3_600_000)).toBeLessThan(2000);
    expect(et.seen).toHaveLength(2);
  });
});
