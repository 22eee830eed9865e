import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Registry } from 'prom-client';

import { processRegistry, type Metric } from './metrics.js';
import { readinessOf, type Checks, type Readiness } from './readiness.js';

export interface HealthOptions {
  readonly host: string;
  /** 0 has the system choose one. */
  readonly port: number;
  /** Asked each time somebody asks whether the service is ready. */
  readonly checks: () => Checks;
  /** Milliseconds that a client may take to put its question. */
  readonly patienceMs?: number;
}

export interface HealthServer {
  readonly port: number;
  /** From now on `/metrics` tells these as well. */
  add(metrics: readonly Metric[]): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const PATIENCE_MS = 5_000;
const MOST_CONNECTIONS = 100;
const JSON_TYPE = 'application/json; charset=utf-8';

/**
 * Answers `/healthz` as long as the event loop turns, `/readyz` with what the checks say, `/metrics` in Prometheus'
 * text format. Throws where host and port cannot be had, and names the mend.
 */
export async function serveHealth({
  host,
  port,
  checks,
  patienceMs = PATIENCE_MS,
}: HealthOptions): Promise<HealthServer> {
  const registry = processRegistry();
  const readiness = await readinessOf(checks);
  // Clients that ask slowly, or are many, must not cost the service its file descriptors.
  const limits = {
    headersTimeout: patienceMs,
    requestTimeout: patienceMs,
    connectionsCheckingInterval: patienceMs / 5,
  };
  const server = createServer(limits, (request, response) => {
    void answerOf(request, registry, readiness).then((answer) => send(request, response, answer));
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listening(server, port, host);
  return {
    port: (server.address() as AddressInfo).port,
    add: (metrics) => metrics.forEach((metric) => registry.registerMetric(metric)),
    close: async () => {
      const closed = once(server, 'close');
      server.close().closeAllConnections();
      await closed;
    },
  };
}

async function answerOf(
  { url, method }: IncomingMessage,
  registry: Registry,
  readiness: () => Promise<Readiness>,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return json(405, { status: 'only GET and HEAD' });
  try {
    switch (url?.split('?')[0]) {
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz': {
        const { ready, body } = await readiness();
        return json(ready ? 200 : 503, body);
      }
      case '/metrics':
        return { status: 200, type: registry.contentType, body: await registry.metrics() };
      default:
        return json(404, { status: 'there are /healthz, /readyz and /metrics' });
    }
  } catch (error) {
    return json(500, { status: error instanceof Error ? error.message : 'unknown' });
  }
}

function send({ method }: IncomingMessage, response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : body);
}

function json(status: number, body: unknown): Answer {
  return { status, type: JSON_TYPE, body: JSON.stringify(body) };
}

async function listening(server: Server, port: number, host: string): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(`health and metrics cannot be served: ${mend(cause, port, host)}`, { cause });
  }
}

function mend(error: unknown, port: number, host: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `port ${port} of ${host} is in use; set another HTTP_PORT, or 0 for none`;
    case 'EACCES':
      return `port ${port} needs rights that this process lacks; set an HTTP_PORT above 1023, or 0 for none`;
    default:
      return `HTTP_HOST is ${host}, which this machine does not listen on`;
  }
}
