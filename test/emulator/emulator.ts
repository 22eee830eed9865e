import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

import type { TenantInput } from './options.js';
import { type Account, Accounts } from './serve/accounts.js';
import { answer, type Manners } from './serve/answers.js';
import { control, type Controlled } from './serve/control.js';
import { targetOf } from './serve/endpoints.js';
import { type FaultInput, Faults } from './serve/faults.js';
import { send } from './serve/sending.js';
import { type Stats, Traffic } from './serve/traffic.js';
import { Tenant } from './tenant.js';

export interface EmulatorOptions extends TenantInput, Partial<Manners> {
  /** 0, the default, takes any free port. */
  port?: number;
  /** The address to listen on; by default only this machine reaches it. */
  host?: string;
  /** By default an account of its own. */
  account?: Partial<Account>;
  /** Milliseconds before every answer. */
  latencyMs?: number;
  /** How long an access token lives. */
  lifetimeSeconds?: number;
  /** Milliseconds that ET's clock, as its `Date` header tells, is ahead of ours. */
  clockAheadMs?: number;
  faults?: readonly FaultInput[];
}

export interface Emulator {
  /** `http://<host>:<port>`, without `/api/v1`. */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** The personal access token. */
  readonly token: string;
  /** What a process of the product has to be told of it. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tenant: Tenant;
  readonly faults: Faults;
  /** `latencyMs` can be changed while it runs. */
  readonly pace: { latencyMs: number };
  stats(): Stats;
  resetStats(): void;
  /** Ends all access tokens given out so far. */
  expireTokens(): void;
  /** Stops at once: connections still open are cut. */
  close(): Promise<void>;
}

/** Starts ET's API over a tenant made from the options. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const tenant = new Tenant(options);
  const { seed } = tenant.options;
  const accounts = new Accounts(seed, options.lifetimeSeconds ?? 3600, options.account);
  const faults = new Faults(seed);
  faults.set(options.faults ?? []);
  const traffic = new Traffic();
  const pace = { latencyMs: options.latencyMs ?? 0 };
  const manners: Manners = {
    cap: options.cap ?? 10_000,
    maxLimit: options.maxLimit ?? 10_000,
    ignoresSkip: options.ignoresSkip ?? false,
    bounds: options.bounds ?? 'minute',
  };
  const serve = handler({ tenant, faults, accounts, traffic, pace }, manners, options.clockAheadMs ?? 0);
  const host = options.host ?? '127.0.0.1';
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) response.destroy();
      else send(response, 500, { detail: String(error) });
    });
  });
  server.on('connection', () => traffic.connected());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const { user, password, token } = accounts;
  return {
    url,
    user,
    password,
    token,
    settings: { ET_URL: url, ET_USER: user, ET_PASSWORD: password, ET_TIMEZONE: 'UTC' },
    tenant,
    faults,
    pace,
    stats: () => traffic.stats(),
    resetStats: () => traffic.reset(),
    expireTokens: () => accounts.expire(),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

function handler(emulator: Controlled, manners: Manners, clockAheadMs: number) {
  const { tenant, faults, accounts, traffic, pace } = emulator;

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = request.url ?? '/';
    const [path = '/', query = ''] = url.split('?', 2);
    const method = request.method ?? 'GET';
    if (path.startsWith('/_emulator/')) {
      const { status, body } = control(path, method, await read(request), emulator);
      return send(response, status, body);
    }
    const target = targetOf(path);
    traffic.begin(target.endpoint);
    response.once('close', () => traffic.end(response.headersSent ? response.statusCode : 0));
    if (clockAheadMs !== 0) response.setHeader('date', new Date(Date.now() + clockAheadMs).toUTCString());
    const body = method === 'POST' ? await read(request) : '';
    if (pace.latencyMs > 0) await wait(pace.latencyMs);
    if (response.destroyed) return;
    const befallen = faults.befall(target.endpoint, url, target.id);
    for (const { fault } of befallen) traffic.faulty(fault);
    const last = befallen.at(-1);
    // What is refused as a whole is not worked out first: an answer may cost, or change the tenant.
    if (last?.fault === 'status' || last?.fault === 'reset') return send(response, 0, null, last);
    if (target.endpoint === 'login') return login(request, response, body);
    if (!accounts.allows(request.headers.authorization)) {
      response.setHeader('www-authenticate', 'Bearer');
      return send(response, 401, { detail: 'Could not validate credentials' }, last);
    }
    if (method !== 'GET') return send(response, 405, { detail: 'Method Not Allowed' });
    const asked = new URLSearchParams(query);
    if (target.endpoint === 'sessions' || target.endpoint === 'count') {
      traffic.listed(`${target.endpoint} ${[...asked].map((pair) => pair.join('=')).join('&')}`);
    }
    const reply = answer(tenant, manners, target, asked, new Map(befallen.map((one) => [one.fault, one])));
    return send(response, reply.status, reply.body, last);
  };

  function login(request: IncomingMessage, response: ServerResponse, body: string): void {
    if (request.method !== 'POST') return send(response, 405, { detail: 'Method Not Allowed' });
    if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
      return send(response, 422, { detail: [{ msg: 'field required', loc: ['body', 'username'] }] });
    }
    const session = accounts.login(new URLSearchParams(body));
    if (!session) return send(response, 401, { detail: 'Incorrect email or password' });
    traffic.loggedIn();
    return send(response, 200, session);
  }
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
