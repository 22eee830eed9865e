import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { truthByTable } from '../emulator/truth.js';
import type { Settings } from '../e2e/processes.js';
import { freshDatabase, freshPostgres, type FreshDatabase } from '../support/databases.js';
import type { RunningServer } from '../support/servers/kinds.js';
import { freshVhost } from '../support/vhosts.js';
import { reading, type WarehouseReader } from '../support/warehouse-readers.js';

const LAST_DAY = '2026-11-20';
const details = ['scores', 'summary', 'comments'] as const;

/** Servers of a scenario's own, which it may end. */
export interface OwnServers {
  readonly broker?: RunningServer;
  readonly database?: RunningServer;
}

/** A tenant and an empty database of a scenario's own; with `services` a virtual host as well. */
export class Ground {
  private constructor(
    readonly emulator: Emulator,
    readonly settings: Settings,
    /** Where its processes work. */
    readonly folder: string,
    private readonly database: FreshDatabase,
    private readonly leave: () => Promise<unknown>,
  ) {}

  /** For three services over RabbitMQ into PostgreSQL: servers of its own, or those that the runner hands over. */
  static async services(tenant: EmulatorOptions, { broker, database: server }: OwnServers = {}): Promise<Ground> {
    // What lies on a server of its own goes with it.
    const kept = { drop: () => Promise.resolve() };
    const [database, vhost] = await Promise.all([
      server ? freshPostgres(server.url).then((fresh) => ({ ...fresh, ...kept })) : freshPostgres(),
      broker ? { url: broker.url, ...kept } : freshVhost(),
    ]);
    const settings = { DATABASE_URL: database.url, AMQP_URL: vhost.url };
    return Ground.of(tenant, settings, database, vhost.drop);
  }

  /** For everything in one process into SQLite. */
  static async oneProcess(tenant: EmulatorOptions): Promise<Ground> {
    const database = await freshDatabase('sqlite');
    return Ground.of(tenant, { DATABASE_URL: database.url }, database, () => Promise.resolve());
  }

  private static async of(
    tenant: EmulatorOptions,
    own: Settings,
    database: FreshDatabase,
    leave: () => Promise<unknown>,
  ): Promise<Ground> {
    const emulator = await startEmulator({ lastDay: LAST_DAY, ...tenant });
    const folder = mkdtempSync(path.join(tmpdir(), 'etl-chaos-'));
    const settings = {
      ...emulator.settings,
      SYNC_CRON: 'off',
      SHUTDOWN_GRACE: '10',
      ...own,
    };
    return new Ground(emulator, settings, folder, database, leave);
  }

  /** The days of the tenant, the oldest first. */
  get days(): string[] {
    return Object.keys(this.emulator.tenant.counts()).sort();
  }

  /** Options of `et-etl backfill` for all days of the tenant. */
  get range(): string[] {
    return ['--from', this.days[0] ?? LAST_DAY, '--to', LAST_DAY];
  }

  truth(): ReturnType<typeof truthByTable> {
    return truthByTable(this.emulator.tenant, { details });
  }

  read<T>(work: (reader: WarehouseReader) => Promise<T>): Promise<T> {
    return reading(this.database, work);
  }

  /** Call once none of its processes is left. */
  async close(): Promise<void> {
    await this.emulator.close();
    await Promise.all([this.database.drop(), this.leave()]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
