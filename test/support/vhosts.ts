import { randomBytes } from 'node:crypto';
import { vhostAdministration, type Rights } from './servers/vhost-administration.js';
import { serverUrl } from './suites.js';

export interface FreshVhost {
  /** An `AMQP_URL` into an empty virtual host. */
  readonly url: string;
  /** Leaves who connects there no right to make, write or read anything but what is named. */
  restrict(rights?: Partial<Rights>): Promise<void>;
  /** Takes its queues, exchanges and connections with it. */
  drop(): Promise<void>;
}

/** An empty virtual host that no other test knows. Call `drop` in `afterEach` or `afterAll`. */
export async function freshVhost(): Promise<FreshVhost> {
  const url = new URL(serverUrl('rabbitmq'));
  const name = `etl-${randomBytes(6).toString('hex')}`;
  const administration = vhostAdministration(process.env['TEST_AMQP_MANAGEMENT_URL'] ?? '');
  const user = decodeURIComponent(url.username) || 'guest';
  await administration.create(name, user);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    restrict: (rights) => administration.restrict(name, user, rights),
    drop: () => administration.remove(name),
  };
}
