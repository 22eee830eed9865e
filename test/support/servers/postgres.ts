import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer } from './kinds.js';
import {
  accountFor,
  freePort,
  isAlive,
  privateFolder,
  run,
  startServer,
  waitUntil,
  type Running,
} from './processes.js';
import { newestFirst } from './versions.js';

const SUPERUSER = 'etl';

/** The folder of the newest PostgreSQL programs on this machine. */
export function findPostgres(): string | undefined {
  const servers = globSync(['/usr/lib/postgresql/*/bin/initdb', '/usr/pgsql-*/bin/initdb', '/usr/local/bin/initdb']);
  return newestFirst(servers.map((file) => path.dirname(file)))[0];
}

/** A database that who started it may also freeze, or kill, and start again over what it kept. Linux only. */
export interface OwnPostgres extends RunningServer {
  /** Those its server process has made and not yet seen end. */
  processes(): number[];
  /** Sent to every process of the server; after SIGKILL resolves once none is left. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): Promise<void>;
  /** Resolves once it answers again, at the same port. */
  begin(): Promise<void>;
}

/** PostgreSQL refuses to run as root, so root starts it as another account. `durable` keeps fsync on. */
export async function startPostgres(bin: string, durable: boolean): Promise<OwnPostgres> {
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
  let server: Running | undefined;
  const begin = async (): Promise<void> => {
    server = startServer({
      command: path.join(bin, 'postgres'),
      args: ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
      // An immediate stop, without a last checkpoint; SIGKILL would leave shared memory behind.
      stopSignal: 'SIGQUIT',
      account,
    });
    await waitUntil('PostgreSQL', server, () =>
      run(path.join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]).then(
        () => true,
        () => false,
      ),
    );
  };
  const parent = (): number => parseInt(readFileSync(path.join(data, 'postmaster.pid'), 'utf8'));
  const childrenOf = (pid: number): number[] =>
    (readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').match(/\d+/g) ?? []).map(Number);
  const signal: OwnPostgres['signal'] = async (name) => {
    const first = parent();
    // Held, so that it makes no others meanwhile; each of them is a group of its own.
    process.kill(first, 'SIGSTOP');
    const all = [...childrenOf(first), first];
    for (const pid of all) process.kill(pid, name);
    // Memory that one of them still holds would keep the next server from starting.
    while (name === 'SIGKILL' && all.some(isAlive)) await pause(20);
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    remove();
  };
  try {
    await begin();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `postgresql://${SUPERUSER}@127.0.0.1:${port}/postgres`,
    origin: bin,
    stop,
    processes: () => childrenOf(parent()),
    signal,
    begin,
  };
}
