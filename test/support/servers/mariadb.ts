import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import type { RunningServer } from './kinds.js';
import { accountFor, answers, freePort, privateFolder, run, startServer, waitUntil } from './processes.js';

export function findMariadb(): string | undefined {
  const servers = [
    '/usr/sbin/mariadbd',
    '/usr/local/bin/mariadbd',
    '/usr/local/mysql/bin/mariadbd',
    '/usr/libexec/mariadbd',
  ];
  return findInstaller() && servers.find((file) => existsSync(file));
}

function findInstaller(): string | undefined {
  return globSync([
    '/usr/bin/mariadb-install-db',
    '/usr/local/bin/mariadb-install-db',
    '/usr/local/mysql/scripts/mariadb-install-db',
  ])[0];
}

/** `durable` keeps each commit on disk. */
export async function startMariadb(program: string, durable: boolean): Promise<RunningServer> {
  const account = accountFor('mysql', 'nobody');
  const { folder, remove } = privateFolder('mariadb', account);
  const port = await freePort();
  const data = path.join(folder, 'data');
  await run(
    findInstaller() ?? 'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'],
    { account },
  );
  const server = startServer({
    command: program,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${path.join(folder, 'socket')}`,
      `--pid-file=${path.join(folder, 'pid')}`,
      // A server that starts deletes what lies in a folder for temporary tables, other servers' too.
      `--tmpdir=${folder}`,
      '--character-set-server=utf8mb4',
      '--max-allowed-packet=64M',
      ...(durable ? [] : ['--innodb-flush-log-at-trx-commit=0', '--innodb-flush-method=nosync', '--sync-binlog=0']),
    ],
    stopSignal: 'SIGKILL',
    account,
  });
  const stop = async (): Promise<void> => {
    await server.stop();
    remove();
  };
  try {
    await waitUntil('MariaDB', server, () => answers(port));
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: `mysql://root@127.0.0.1:${port}/mysql`, origin: path.dirname(program), stop };
}
