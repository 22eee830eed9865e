import { CompiledQuery, type Kysely } from 'kysely';

import type { Catalog } from '../../schema/catalog.js';
import type { Session } from '../connection.js';
import type { Calls } from './inserts.js';
import { mariadbWriter } from './writer.js';

/** SQL over the connection a transaction holds. mysql2 puts parameters into their places, lists too. */
export function mariadbSession(trx: Kysely<unknown>, catalog: Catalog, maxPacket: number): Session {
  const query: Calls['query'] = async <R extends object>(sql: string, values: readonly unknown[] = []) =>
    (await trx.executeQuery<R>(CompiledQuery.raw(sql, [...values]))).rows;
  const run: Calls['run'] = async (sql, values = []) =>
    Number((await trx.executeQuery(CompiledQuery.raw(sql, [...values]))).numAffectedRows ?? 0);
  return { query, run, writer: mariadbWriter({ query, run }, catalog, maxPacket) };
}
