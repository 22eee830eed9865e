import { CompiledQuery, type Kysely } from 'kysely';

import type { Catalog } from '../../schema/catalog.js';
import type { Param } from '../../transaction.js';
import type { Session } from '../connection.js';
import { mssqlWriter, type Execute } from './writer.js';

/** SQL with real parameters over the connection a transaction holds. */
export function mssqlSession(trx: Kysely<unknown>, schema: string, catalog: Catalog): Session {
  const execute: Execute = async <R extends object>(sql: string, params: readonly unknown[] = []): Promise<R[]> =>
    (await trx.executeQuery<R>(CompiledQuery.raw(sql, [...params]))).rows;
  const run = async (sql: string, params: readonly Param[] = []): Promise<number> =>
    Number((await trx.executeQuery(CompiledQuery.raw(sql, [...params]))).numAffectedRows ?? 0);
  const writer = mssqlWriter(execute, schema, catalog);
  // `updlock` locks nothing on some servers that speak the protocol.
  return { query: execute, run, writer, lockName: (name) => writer.serialise(name) };
}
