import { randomBytes } from 'node:crypto';
import { serverUrl } from './suites.js';

export interface FreshVhost {
  /** An `AMQP_URL` into an empty virtual host. */
  readonly url: string;
  /** Takes its queues, exchanges and connections with it. */
  drop(): Promise<void>;
}

/**
 * An empty virtual host that no other test knows, made through RabbitMQ's management API.
 * Call `drop` in `afterEach` or `afterAll`.
 */
export async function freshVhost(): Promise<FreshVhost> {
  const url = new URL(serverUrl('rabbitmq'));
  const name = `etl-${randomBytes(6).toString('hex')}`;
  const user = url.username || 'guest';
  await manage('PUT', `vhosts/${name}`);
  await manage('PUT', `permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => manage('DELETE', `vhosts/${name}`) };
}

async function manage(method: 'PUT' | 'DELETE', resource: string, body: object = {}): Promise<void> {
  const { origin, username, password } = new URL(process.env['TEST_AMQP_MANAGEMENT_URL'] ?? '');
  const authorization = `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`;
  const response = await fetch(`${origin}/api/${resource}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`RabbitMQ's management API answered ${response.status} to ${method} ${resource}`);
}
