import type { DatabaseSettings, EtSettings } from '#config';
import { TransientError } from '#messaging';
import { messageOf } from '#observability';

import { checkEt } from '../../extractor/src/et/check.js';
import { EtError } from '../../extractor/src/et/errors.js';
import { IncompleteSchema } from '../../loader/src/schema/ready.js';
import { PreflightError } from './exit-codes.js';

/** Logs in to ET once. Throws `PreflightError`: wrong password, unknown host, certificate, another site. */
export async function checkedEt(settings: EtSettings): Promise<void> {
  try {
    await checkEt(settings);
  } catch (error) {
    if (!(error instanceof EtError)) throw error;
    throw new PreflightError(`ET at ${settings.url} cannot be used: ${error.message}`, hintOf(error), { cause: error });
  }
}

/** A server that speaks no TLS at all fails like one whose certificate is not trusted. */
function hintOf(error: EtError): string {
  return error.kind === 'tls' && error.message.includes('EPROTO')
    ? 'ET_URL says https, but what answers there speaks no TLS: is it http, or another port?'
    : error.hint;
}

/** Where the data goes, without user and password. */
export function databaseName(database: DatabaseSettings): string {
  if (database.dialect === 'sqlite') return database.file;
  const { host, port, database: name } = database;
  const schema = 'schema' in database ? `, schema ${database.schema}` : '';
  if (host.startsWith('/')) return `${name} at ${host}${schema}`;
  const address = 'instance' in database ? `${host}\\${database.instance}` : `${host}:${port}`;
  return `${address}/${name}${schema}`;
}

/** The loader tells what to do in the message, and what happened in the cause. */
export function unusable(database: DatabaseSettings, error: unknown): PreflightError {
  if (error instanceof IncompleteSchema) {
    const lacks = `the database ${databaseName(database)} lacks\n    ${error.missing.join('\n    ')}`;
    return new PreflightError(lacks, 'et-etl schema plan prints the script that adds it', { cause: error });
  }
  const away = error instanceof TransientError && error.cause !== undefined;
  const message = `the database ${databaseName(database)} cannot be used: ${messageOf(away ? error.cause : error)}`;
  // The first line has said that the database cannot be used.
  const hint = away ? error.message.replace(/^the database cannot do it now: /, '') : 'check DATABASE_URL';
  return new PreflightError(message, hint, { cause: error });
}
