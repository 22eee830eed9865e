import type { DatabaseSettings, EtSettings } from '#config';
import { messageOf } from '#observability';

import { checkEt } from '../../extractor/src/et/check.js';
import { EtError } from '../../extractor/src/et/errors.js';
import { PreflightError } from './exit-codes.js';

/** Logs in to ET once. Throws `PreflightError`: wrong password, unknown host, certificate, another site. */
export async function checkedEt(settings: EtSettings): Promise<void> {
  try {
    await checkEt(settings);
  } catch (error) {
    const hint = error instanceof EtError ? error.hint : 'check ET_URL or ET_DOMAIN';
    throw new PreflightError(`ET at ${settings.url} does not let us in: ${messageOf(error)}`, hint, { cause: error });
  }
}

/** Where the data goes, without user and password. */
export function databaseName(database: DatabaseSettings): string {
  if (database.dialect === 'sqlite') return database.file;
  return `${database.host}:${database.port}/${database.database}, schema ${database.schema}`;
}
