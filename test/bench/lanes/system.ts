import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

import type { Command } from '#contracts';

import { connectBroker } from '../../../apps/cli/src/broker.js';
import { freshDatabase, type FreshDatabase } from '../../support/databases.js';
import { freshVhost } from '../../support/vhosts.js';
import { nodeFlags } from '../program.js';
import type { Tenant } from './tenant.js';

/** The product at work on a fresh database, started as its users start it. */
export interface System {
  readonly database: FreshDatabase;
  order(command: Command): Promise<void>;
  stop(): Promise<void>;
}

interface Kind {
  /** RabbitMQ and PostgreSQL. */
  readonly needsServers: boolean;
  readonly start: (tenant: Tenant) => Promise<System>;
}

export const systems = {
  'three services over RabbitMQ into PostgreSQL': { needsServers: true, start: startServices },
  'one process into SQLite': { needsServers: false, start: startOneProcess },
} as const satisfies Record<string, Kind>;

async function startServices(tenant: Tenant): Promise<System> {
  const [database, vhost] = [await freshDatabase('postgresql'), await freshVhost()];
  const env = { ...environmentOf(tenant, database), AMQP_URL: vhost.url };
  const main = (app: string): string => path.resolve('dist/apps', app, 'src/main.js');
  const apps = ['extractor', 'transformer', 'loader'].map((app) =>
    spawn(process.execPath, [...nodeFlags, main(app)], { env: { ...process.env, ...env }, stdio: 'inherit' }),
  );
  const { publisher, close } = await connectBroker({ amqpUrl: vhost.url, logLevel: 'warn', declare: true });
  return {
    database,
    order: (command) => publisher.publish('commands', null, command),
    async stop() {
      await close();
      await Promise.all(apps.map((app) => ended(app, () => app.kill('SIGTERM'))));
      await Promise.all([database.drop(), vhost.drop()]);
    },
  };
}

async function startOneProcess(tenant: Tenant): Promise<System> {
  const database = await freshDatabase('sqlite');
  const child = fork(fileURLToPath(new URL('one-process.js', import.meta.url)), {
    execArgv: [...nodeFlags],
    env: { ...process.env, ...environmentOf(tenant, database) },
  });
  await once(child, 'message');
  return {
    database,
    order: async (command) => void child.send(command),
    async stop() {
      await ended(child, () => child.disconnect());
      await database.drop();
    },
  };
}

function environmentOf({ et, live }: Tenant, database: FreshDatabase): Record<string, string> {
  return {
    ET_URL: et.url,
    ET_USER: et.user,
    ET_PASSWORD: et.password,
    ET_TIMEZONE: 'UTC',
    SYNC_CRON: '0 0 29 2 *',
    START_DATE: live.from,
    DATABASE_URL: database.url,
    // Fields that no column takes are told at warn, once a run.
    LOG_LEVEL: 'error',
  };
}

async function ended(child: ChildProcess, end: () => void): Promise<void> {
  if (child.exitCode !== null) return;
  const exit = once(child, 'exit');
  end();
  await exit;
}
