import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator.js';
import { truthByTable } from '../emulator/truth.js';
import { postgresReader, sqliteReader, type WarehouseReader } from '../e2e/comparison.js';
import type { Settings } from '../e2e/processes.js';
import { freshDatabase } from '../support/databases.js';
import type { RunningServer } from '../support/servers/kinds.js';
import { freshVhost } from '../support/vhosts.js';

const LAST_DAY = '2026-11-20';
const details = ['scores', 'summary', 'comments'] as const;

/** A tenant and an empty database of a scenario's own; with `services` a virtual host as well. */
export class Ground {
  private constructor(
    readonly emulator: Emulator,
    readonly settings: Settings,
    /** Where its processes work. */
    readonly folder: string,
    private readonly open: () => Promise<WarehouseReader>,
    private readonly leave: () => Promise<unknown>,
  ) {}

  /**
   * For three services over RabbitMQ into PostgreSQL. Needs the servers that the runner hands over, but for the broker
   * where the scenario has one of its own.
   */
  static async services(tenant: EmulatorOptions, broker?: RunningServer): Promise<Ground> {
    const own = broker && { url: broker.url, drop: () => Promise.resolve() };
    const [database, vhost] = await Promise.all([freshDatabase('postgresql'), own ?? freshVhost()]);
    const settings = { DATABASE_URL: database.url, AMQP_URL: vhost.url };
    const open = () => postgresReader(database.url);
    return Ground.of(tenant, settings, open, () => Promise.all([database.drop(), vhost.drop()]));
  }

  /** For everything in one process into SQLite. */
  static async oneProcess(tenant: EmulatorOptions): Promise<Ground> {
    const database = await freshDatabase('sqlite');
    const file = database.settings.dialect === 'sqlite' ? database.settings.file : '';
    return Ground.of(tenant, { DATABASE_URL: database.url }, async () => sqliteReader(file), database.drop);
  }

  private static async of(
    tenant: EmulatorOptions,
    own: Settings,
    open: () => Promise<WarehouseReader>,
    leave: () => Promise<unknown>,
  ): Promise<Ground> {
    const emulator = await startEmulator({ lastDay: LAST_DAY, ...tenant });
    const folder = mkdtempSync(path.join(tmpdir(), 'etl-chaos-'));
    const settings = {
      ET_URL: emulator.url,
      ET_USER: emulator.user,
      ET_PASSWORD: emulator.password,
      ET_TIMEZONE: 'UTC',
      SYNC_CRON: 'off',
      SHUTDOWN_GRACE: '10',
      ...own,
    };
    return new Ground(emulator, settings, folder, open, leave);
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

  async read<T>(work: (reader: WarehouseReader) => Promise<T>): Promise<T> {
    const reader = await this.open();
    try {
      return await work(reader);
    } finally {
      await reader.close();
    }
  }

  /** Call once none of its processes is left. */
  async close(): Promise<void> {
    await this.emulator.close();
    await this.leave();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
