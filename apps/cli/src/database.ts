import type { DatabaseSettings } from '#config';
import { createLogger } from '#observability';

import { Database } from '../../loader/src/database.js';
import { ledgerEntities } from '../../loader/src/ledger/rows.js';
import { unusable } from './preflight.js';

/** Works in the database itself and closes it. Throws `PreflightError` where it cannot be used. */
export async function inDatabase<T>(
  settings: DatabaseSettings,
  logLevel: string,
  work: (database: Database) => Promise<T>,
): Promise<T> {
  try {
    const database = await Database.open(settings, createLogger('et-etl', logLevel), ledgerEntities);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  } catch (error) {
    throw unusable(settings, error);
  }
}

/** The same database, only looked at: a process that loads may be at work there. */
export function lookingAt(settings: DatabaseSettings): DatabaseSettings {
  return settings.dialect === 'sqlite' ? { ...settings, beside: true } : settings;
}
