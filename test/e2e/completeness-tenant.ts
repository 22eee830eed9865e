import Database from 'better-sqlite3';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { statusReport, type StatusReport } from '#contracts';

import { addDays, dayAt } from '../../apps/extractor/src/planning/days.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { flaws } from './comparison.js';
import { runCli, type Ended, type Settings } from './processes.js';

export const DAYS = 30;
const TODAY = dayAt(new Date(), 'UTC');

/** The day so many days before today. */
export const dayAgo = (days: number): string => addDays(TODAY, -days);

/** Has ten sessions, and lies before what every daily run reads again. */
export const DAY = dayAgo(5);

/** A tenant of the last thirty days whose sessions ET has all processed; the same one each time. */
export async function startTenant(): Promise<Emulator> {
  const emulator = await startEmulator({
    seed: 31,
    sessions: 175,
    days: DAYS,
    lastDay: dayAgo(1),
    // More than may be missing without somebody's word for it.
    crowds: [{ day: dayAgo(2), hour: 10, sessions: 25 }],
    unprocessedShare: 0,
  });
  const { tenant } = emulator;
  const spare = tenant.ids(DAY).slice(10);
  if (spare.length > 0) tenant.apply({ change: 'delete', ids: spare });
  const missing = 10 - tenant.ids(DAY).length;
  if (missing > 0) tenant.apply({ change: 'late', day: DAY, sessions: missing });
  return emulator;
}

/** What every process needs to know of it. */
export function settingsOf({ settings }: Emulator): Settings {
  return { ...settings, START_DATE: dayAgo(DAYS) };
}

/** A row of `etl_coverage`. */
export interface Coverage {
  readonly day: string;
  readonly state: string;
  readonly et_count: number;
  readonly loaded: number;
  readonly gone: number;
  readonly unknown: number;
  readonly reason: string | null;
}

/** Whoever runs `et-etl` in one process against a tenant, and looks into the SQLite file with a driver of their own. */
export class Operator {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'etl-operator-'));
  readonly #file = path.join(this.#folder, 'et.sqlite');

  private constructor(readonly emulator: Emulator) {}

  /** With an empty database, or with a copy of what another one has loaded. */
  static async start(loaded?: Operator): Promise<Operator> {
    const operator = new Operator(await startTenant());
    if (loaded) copyFileSync(loaded.#file, operator.#file);
    return operator;
  }

  async end(): Promise<void> {
    await this.emulator.close();
    rmSync(this.#folder, { recursive: true });
  }

  /** `et-etl` with these arguments, to its end. What is asked of ET is counted anew. */
  cli(...args: string[]): Promise<Ended> {
    this.emulator.resetStats();
    return runCli(args, { ...settingsOf(this.emulator), DATABASE_URL: `sqlite:///${this.#file}` }, this.#folder);
  }

  async status(): Promise<StatusReport> {
    return statusReport.parse(JSON.parse((await this.cli('status', '--json')).stdout));
  }

  rows<T>(sql: string): T[] {
    const database = new Database(this.#file, { readonly: true });
    try {
      return database.prepare<[], T>(sql).all();
    } finally {
      database.close();
    }
  }

  coverage(day: string): Coverage | undefined {
    return this.rows<Coverage>(`select * from etl_coverage where day = '${day}'`)[0];
  }

  /** Days that `etl_coverage` calls anything but verified. */
  unverified(): string[] {
    return this.rows<Coverage>(`select * from etl_coverage where state <> 'verified' order by day`).map(
      ({ day }) => day,
    );
  }

  /** Ids of sessions that are marked as deleted. */
  marked(): string[] {
    const rows = this.rows<{ id: string }>('select id from sessions where _etl_deleted_at is not null order by id');
    return rows.map(({ id }) => id);
  }

  /** How the database differs from what ET knows now. */
  flaws(): Promise<string[]> {
    return flaws(this.#file, this.emulator.tenant);
  }

  /** Days of which ET was last asked for the whole listing, and those it was asked to count. */
  asked(): { listed: string[]; counted: string[] } {
    const { listings } = this.emulator.stats();
    const days = (what: string) => {
      const found = listings.map(
        (query) => new RegExp(`^${what} .*date_range,([\\d-]+),\\1\\|\\|(?:&|$)`).exec(query)?.[1],
      );
      return [...new Set(found.filter((day) => day !== undefined))].sort();
    };
    return { listed: days('sessions'), counted: days('count') };
  }
}
