import { randomBytes } from 'node:crypto';
import { vhostAdministration } from './servers/vhost-administration.js';
import { serverUrl } from './suites.js';

export interface FreshVhost {
  /** An `AMQP_URL` into an empty virtual host. */
  readonly url: string;
  /** Takes its queues, exchanges and connections with it. */
  drop(): Promise<void>;
}

/** An empty virtual host that no other test knows. Call `drop` in `afterEach` or `afterAll`. */
export async function freshVhost(): Promise<FreshVhost> {
  const url = new URL(serverUrl('rabbitmq'));
  const name = `etl-${randomBytes(6).toString('hex')}`;
  const administration = vhostAdministration(process.env['TEST_AMQP_MANAGEMENT_URL'] ?? '');
  await administration.create(name, decodeURIComponent(url.username) || 'guest');
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => administration.remove(name) };
}
