import { run } from './processes.js';

/** Makes and removes virtual hosts, which AMQP itself cannot. */
export interface VhostAdministration {
  /** Throws where it cannot be reached, or the account is not an administrator's. */
  check(): Promise<void>;
  create(name: string, user: string): Promise<void>;
  remove(name: string): Promise<void>;
}

/** The management API by its URL, account included; or, given `rabbitmqctl`, that program on this machine. */
export function vhostAdministration(url: string): VhostAdministration {
  return url === RABBITMQCTL ? program : managementApi(new URL(url));
}

export const RABBITMQCTL = 'rabbitmqctl';

const program: VhostAdministration = {
  check: async () => void (await run(RABBITMQCTL, ['-q', 'list_vhosts'])),
  create: async (name, user) => {
    await run(RABBITMQCTL, ['-q', 'add_vhost', name]);
    await run(RABBITMQCTL, ['-q', 'set_permissions', '-p', name, user, '.*', '.*', '.*']);
  },
  remove: async (name) => void (await run(RABBITMQCTL, ['-q', 'delete_vhost', name])),
};

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
    remove: (name) => ask('DELETE', `vhosts/${name}`),
  };
}
