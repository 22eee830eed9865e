import { run } from './processes.js';

/** Patterns of the names that a user may do each with. */
export interface Rights {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

const NONE: Rights = { configure: '^$', write: '^$', read: '^$' };

/** Makes and removes virtual hosts, which AMQP itself cannot. */
export interface VhostAdministration {
  /** Throws where it cannot be reached, or the account is not an administrator's. */
  check(): Promise<void>;
  create(name: string, user: string): Promise<void>;
  /** Leaves the user no right there but to connect, and those that are named. */
  restrict(name: string, user: string, rights?: Partial<Rights>): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The management API by its URL, account included; or, given `rabbitmqctl`, that program on this machine. */
export function vhostAdministration(url: string): VhostAdministration {
  return url === RABBITMQCTL ? program : managementApi(new URL(url));
}

export const RABBITMQCTL = 'rabbitmqctl';

const program: VhostAdministration = {
  check: () => control('list_vhosts'),
  create: async (name, user) => {
    await control('add_vhost', name);
    await control('set_permissions', '-p', name, user, '.*', '.*', '.*');
  },
  restrict: (name, user, rights = {}) => {
    const { configure, write, read } = { ...NONE, ...rights };
    return control('set_permissions', '-p', name, user, configure, write, read);
  },
  remove: (name) => control('delete_vhost', name),
};

async function control(...args: string[]): Promise<void> {
  // Without a broker on this machine it would leave a port mapper behind.
  await run(RABBITMQCTL, ['-q', ...args], { env: { RABBITMQ_CTL_ERL_ARGS: '-start_epmd false' } });
}

function managementApi({ origin, username, password }: URL): VhostAdministration {
  const account = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = { authorization: `Basic ${btoa(account)}`, 'content-type': 'application/json' };
  const ask = async (method: string, resource: string, body?: object): Promise<void> => {
    const signal = AbortSignal.timeout(10_000);
    const response = await fetch(`${origin}/api/${resource}`, { method, headers, body: JSON.stringify(body), signal });
    if (!response.ok) throw new Error(`RabbitMQ's management API answered ${response.status} to ${method} ${resource}`);
  };
  return {
    check: () => ask('GET', 'permissions'),
    create: async (name, user) => {
      await ask('PUT', `vhosts/${name}`, {});
      await ask('PUT', `permissions/${name}/${user}`, { configure: '.*', write: '.*', read: '.*' });
    },
    restrict: (name, user, rights = {}) => ask('PUT', `permissions/${name}/${user}`, { ...NONE, ...rights }),
    remove: (name) => ask('DELETE', `vhosts/${name}`),
  };
}
