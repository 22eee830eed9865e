import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunningServer } from './kinds.js';
import { accountFor, freePort, privateFolder, run, startServer, waitUntil } from './processes.js';
import { newestFirst } from './versions.js';

const SUPERUSER = 'etl';

/** The folder of the newest PostgreSQL programs on this machine. */
export function findPostgres(): string | undefined {
  const servers = globSync(['/usr/lib/postgresql/*/bin/initdb', '/usr/pgsql-*/bin/initdb', '/usr/local/bin/initdb']);
  return newestFirst(servers.map((file) => path.dirname(file)))[0];
}

/** PostgreSQL refuses to run as root, so root starts it as another account. `durable` keeps fsync on. */
export async function startPostgres(bin: string, durable: boolean): Promise<RunningServer> {
  const account = accountFor('postgres', 'nobody');
  const { folder, remove } = privateFolder('postgres', account);
  const port = await freePort();
  const data = path.join(folder, 'data');
  await run(
    path.join(bin, 'initdb'),
    ['--pgdata', data, `--username=${SUPERUSER}`, '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync'],
    { account },
  );
  const rules = path.join(data, 'pg_hba.conf');
  // The first rule that fits decides: tests of wrong passwords make accounts that need one.
  const ours = [`host all ${SUPERUSER} all trust`, 'host all all all scram-sha-256'];
  writeFileSync(rules, [...ours, readFileSync(rules, 'utf8')].join('\n'));
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: folder,
    max_connections: '200',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const server = startServer({
    command: path.join(bin, 'postgres'),
    args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    // An immediate stop, without a last checkpoint; SIGKILL would leave shared memory behind.
    stopSignal: 'SIGQUIT',
    account,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    remove();
  };
  try {
    await waitUntil('PostgreSQL', server, () =>
      run(path.join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).then(
        () => true,
        () => false,
      ),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `postgresql://${SUPERUSER}@127.0.0.1:${port}/postgres`, origin: bin, stop };
}
