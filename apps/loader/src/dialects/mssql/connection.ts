import { MikroORM, type EntitySchema } from '@mikro-orm/mssql';
import { CompiledQuery, MssqlDialect } from 'kysely';
import * as Tarn from 'tarn';
import * as Tedious from 'tedious';

import type { MssqlSettings } from '#config';

import type { Connection } from '../connection.js';
import { errorOf } from '../faults.js';
import { LoaderConnection } from './driver.js';
import { mssqlFault } from './faults.js';
import { mssqlSession } from './session.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** Connects, and tries whether the server knows what the loader needs. READ COMMITTED is what a connection begins with. */
export async function connectMssql(settings: MssqlSettings, entities: EntitySchema[]): Promise<Connection> {
  const { schema } = settings;
  const orm = await MikroORM.init({
    dbName: settings.database,
    schema,
    driverOptions: () =>
      new MssqlDialect({
        tarn: { ...Tarn, options: { min: 0, max: settings.pool, propagateCreateError: true } },
        tedious: { ...Tedious, connectionFactory: () => new LoaderConnection(configurationOf(settings)) },
      }),
    entities,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  });
  const close = () => orm.close(true);
  try {
    await ensureSupported(orm);
  } catch (error) {
    await close();
    throw error;
  }
  return { orm, isolation: undefined, session: (trx, catalog) => mssqlSession(trx, schema, catalog), close };
}

/** Tried rather than asked for: other servers of the protocol tell low versions and know it. */
async function ensureSupported({ em }: Connection['orm']): Promise<void> {
  try {
    await em.getKysely().executeQuery(CompiledQuery.raw(`select [value] from openjson(N'[]')`));
  } catch (error) {
    const kind = error instanceof Error ? mssqlFault(error)?.kind : undefined;
    if (kind !== 'missing' && kind !== 'unsupported') throw error;
    const reason = 'OPENJSON is not known; alter database … set compatibility_level = 130, or higher';
    throw errorOf({ kind: 'unsupported', reason });
  }
}

function configurationOf(settings: MssqlSettings): Tedious.ConnectionConfiguration {
  const { host, port, instance, user, password, database, ssl, tlsVerify, tlsCa } = settings;
  return {
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: {
      ...(instance === undefined ? { port } : { instanceName: instance }),
      database,
      encrypt: ssl,
      trustServerCertificate: !tlsVerify,
      ...(tlsCa === undefined ? {} : { cryptoCredentialsDetails: { ca: tlsCa } }),
      appName: settings.applicationName,
      connectTimeout: CONNECT_TIMEOUT_MS,
      requestTimeout: settings.statementTimeout * 1000,
      useUTC: true,
      lowerCaseGuids: true,
    },
  };
}
