import { randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunningServer } from './kinds.js';
import { answers, freePort, privateFolder, run, startServer, waitUntil, type Running } from './processes.js';

/** Debian's `/usr/sbin/rabbitmq-server` is a wrapper that changes the account; the program itself lies beside it. */
const FOLDERS = ['/usr/lib/rabbitmq/bin', '/usr/local/sbin', '/opt/rabbitmq/sbin', '/usr/sbin', '/usr/local/bin'];

export function findRabbit(): string | undefined {
  return FOLDERS.find((folder) => existsSync(path.join(folder, 'rabbitmq-server')) && findEpmd() !== undefined);
}

function findEpmd(): string | undefined {
  return globSync([
    '/usr/bin/epmd',
    '/usr/local/bin/epmd',
    '/usr/lib/erlang/erts-*/bin/epmd',
    '/opt/erlang/bin/epmd',
  ])[0];
}

/** A broker that who started it may also freeze, or end, and start again over what it kept. */
export interface OwnRabbit extends RunningServer {
  readonly managementUrl: string;
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void;
  /** Resolves once its process is gone. */
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves once it answers again, at the same port. */
  begin(): Promise<void>;
  /** `rabbitmqctl` with these arguments. */
  control(...args: readonly string[]): Promise<void>;
}

/** A broker of its own name, ports, cookie and port mapper, so that it never meets another one on the machine. */
export async function startRabbit(bin: string): Promise<OwnRabbit> {
  const { folder, remove } = privateFolder('rabbitmq');
  const [port, managementPort, distPort, epmdPort, controlPort] = await Promise.all([
    freePort(),
    freePort(),
    freePort(),
    freePort(),
    freePort(),
  ]);
  const password = randomBytes(12).toString('hex');
  const file = (name: string, text: string): string => {
    writeFileSync(path.join(folder, name), text);
    return path.join(folder, name);
  };
  const epmd = startServer({
    command: findEpmd() ?? 'epmd',
    args: ['-port', String(epmdPort), '-address', '127.0.0.1'],
    stopSignal: 'SIGKILL',
  });
  await waitUntil('epmd', epmd, () => answers(epmdPort));
  const env = {
    HOME: folder,
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: `etl-${process.pid}@localhost`,
    RABBITMQ_DIST_PORT: String(distPort),
    // Unless told, the same ten ports for every broker of the machine.
    RABBITMQ_CTL_DIST_PORT_MIN: String(controlPort),
    RABBITMQ_CTL_DIST_PORT_MAX: String(controlPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_CONF_ENV_FILE: file('env.conf', ''),
    RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', configuration(port, managementPort, password)),
    RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config', '[].'),
    RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[rabbitmq_management].'),
    RABBITMQ_MNESIA_BASE: path.join(folder, 'data'),
    RABBITMQ_LOG_BASE: path.join(folder, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_GENERATED_CONFIG_DIR: path.join(folder, 'config'),
    RABBITMQ_SCHEMA_DIR: path.join(folder, 'schema'),
    RABBITMQ_PID_FILE: path.join(folder, 'pid'),
  };
  let server: Running | undefined;
  const begin = async (): Promise<void> => {
    server = startServer({ command: path.join(bin, 'rabbitmq-server'), args: [], stopSignal: 'SIGKILL', env });
    await waitUntil('RabbitMQ', server, async () => (await answers(managementPort)) && (await answers(port)));
  };
  const signal = (name: NodeJS.Signals): void => {
    process.kill(Number(readFileSync(env.RABBITMQ_PID_FILE, 'utf8')), name);
  };
  const end = async (name: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
    signal(name);
    while (server?.exited() === false) await pause(50);
  };
  const control = async (...args: readonly string[]): Promise<void> => {
    await run(path.join(bin, 'rabbitmqctl'), ['-q', ...args], { env });
  };
  const stop = async (): Promise<void> => {
    await server?.stop();
    await epmd.stop();
    remove();
  };
  try {
    await begin();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `amqp://etl:${password}@127.0.0.1:${port}`,
    origin: bin,
    managementUrl: `http://etl:${password}@127.0.0.1:${managementPort}`,
    stop,
    signal,
    end,
    begin,
    control,
  };
}

function configuration(port: number, managementPort: number, password: string): string {
  return `
listeners.tcp.1 = 127.0.0.1:${port}
management.tcp.ip = 127.0.0.1
management.tcp.port = ${managementPort}
default_user = etl
default_pass = ${password}
default_user_tags.administrator = true
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = warning
log.file = false
`;
}
