import { MikroORM, type EntitySchema } from '@mikro-orm/postgresql';

import type { PostgresSettings } from '#config';

import type { Connection } from '../connection.js';
import { postgresSession } from './session.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** A firewall that forgot an idle connection is found out before a merge needs it. */
const KEEP_ALIVE_MS = 30_000;
/** Somebody else's open transaction must not hold a message for ever. */
const LOCK_TIMEOUT_S = 60;

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
      application_name: settings.applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      ...(schema === 'public' ? {} : { options: `-c search_path=${searchPath(schema)}` }),
      ...(settings.ssl ? { ssl: { rejectUnauthorized: settings.tlsVerify, ca: settings.tlsCa } } : {}),
    },
    entities,
    discovery: { warnWhenNoEntities: false },
    logger: () => undefined,
  });
  // Set within each transaction, for PgBouncer; two statements without parameters make one round trip.
  const opening = `set local lock_timeout = '${LOCK_TIMEOUT_S}s'; set local statement_timeout = '${settings.statementTimeout}s'`;
  return { orm, isolation: 'read committed', opening, session: postgresSession, close: () => orm.close(true) };
}

/** Quoted as an identifier, then as an option: a startup option ends at a blank that no backslash precedes. */
function searchPath(schema: string): string {
  return `"${schema.replaceAll('"', '""')}"`.replace(/[\\ ]/g, '\\$&');
}
