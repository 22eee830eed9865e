import { MikroORM, type EntitySchema } from '@mikro-orm/postgresql';

import type { PostgresSettings } from '#config';

import type { Connection } from '../connection.js';
import { postgresSession } from './session.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** Somebody else's open transaction must not hold a message for ever. Set within each transaction, for PgBouncer. */
const OPENING = `set local lock_timeout = '60s'`;

/** Connects when first used. `schema` other than `public` is made the search path; PgBouncer must let that through. */
export async function connectPostgres(settings: PostgresSettings, entities: EntitySchema[]): Promise<Connection> {
  const { host, port, user, password, database, schema, pool } = settings;
  const orm = await MikroORM.init({
    host,
    port,
    user,
    password,
    dbName: database,
    pool: { max: pool },
    driverOptions: {
      application_name: 'et-etl loader',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      ...(schema === 'public' ? {} : { options: `-c search_path=${searchPath(schema)}` }),
      ...(settings.ssl ? { ssl: { rejectUnauthorized: settings.tlsVerify } } : {}),
    },
    entities,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  });
  return { orm, isolation: 'read committed', opening: OPENING, session: postgresSession, close: () => orm.close(true) };
}

/** Quoted as an identifier, then as an option: a startup option ends at a blank that no backslash precedes. */
function searchPath(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`.replace(/[\\ ]/g, '\\$&');
}
