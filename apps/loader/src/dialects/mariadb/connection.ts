import { MikroORM, type EntitySchema } from '@mikro-orm/mysql';
import { CompiledQuery, MysqlDialect } from 'kysely';
import { createPool, type PoolOptions, type TypeCast } from 'mysql2';

import type { MariadbSettings } from '#config';

import type { Connection } from '../connection.js';
import { ReadyPool } from './ready-pool.js';
import { ensureSupported } from './server-version.js';
import { mariadbSession } from './session.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** A firewall that forgot an idle connection is found out before a merge needs it. */
const KEEP_ALIVE_MS = 30_000;

/** Connects, and asks the server for its version and for the longest statement it takes. */
export async function connectMariadb(settings: MariadbSettings, entities: EntitySchema[]): Promise<Connection> {
  const pool = new ReadyPool(createPool(poolOptions(settings)), settings.statementTimeout);
  const orm = await MikroORM.init({
    dbName: settings.database,
    driverOptions: () => new MysqlDialect({ pool }),
    entities,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  });
  const close = () => orm.close(true);
  try {
    const ask = CompiledQuery.raw('select version() as version, @@max_allowed_packet as packet');
    const { rows } = await orm.em.getKysely().executeQuery<{ version: string; packet: number }>(ask);
    const { version = '', packet = 0 } = rows[0] ?? {};
    ensureSupported(version);
    // The level is set as connections are made, which saves each transaction a round trip.
    return { orm, isolation: undefined, session: (trx, catalog) => mariadbSession(trx, catalog, packet), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function poolOptions({ host, port, user, password, database, pool, ...settings }: MariadbSettings): PoolOptions {
  return {
    ...(host.startsWith('/') ? { socketPath: host } : { host, port }),
    user,
    password,
    database,
    connectionLimit: pool,
    connectTimeout: CONNECT_TIMEOUT_MS,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    connectAttributes: { program_name: settings.applicationName },
    charset: 'utf8mb4_bin',
    // Counts are of rows that changed, not of rows that were found; and no server may ask for a file of this machine.
    flags: ['-FOUND_ROWS', '-LOCAL_FILES'],
    // Texts as they stand: `Date` knows no microseconds, a double no large integers.
    dateStrings: true,
    supportBigNumbers: true,
    jsonStrings: true,
    typeCast: exactDouble,
    ...(settings.ssl ? { ssl: tlsOptions(settings) } : {}),
  };
}

/** mysql2 (3.24) adds doubles up digit by digit, and misses one in a hundred by the last bit. */
const exactDouble: TypeCast = (field, next) => {
  if (field.type !== 'DOUBLE') return next();
  const text = field.string();
  return text === null ? null : Number(text);
};

function tlsOptions({ tlsVerify, tlsCa }: Pick<MariadbSettings, 'tlsVerify' | 'tlsCa'>) {
  return { rejectUnauthorized: tlsVerify, verifyIdentity: tlsVerify, ...(tlsCa === undefined ? {} : { ca: tlsCa }) };
}
