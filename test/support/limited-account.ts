import { randomBytes } from 'node:crypto';

import type { DatabaseSettings } from '#config';

import type { FreshDatabase } from './databases.js';
import { runScript } from './own-client.js';

/** An account that may read and write all tables there are now, and change none. Drop it before its database. */
export async function limitedAccount(
  fresh: FreshDatabase,
): Promise<{ settings: DatabaseSettings; drop(): Promise<void> }> {
  const { settings } = fresh;
  if (settings.dialect === 'sqlite') throw new Error('SQLite has no accounts');
  const user = `etl_${randomBytes(6).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  const { make, drop } = statements[settings.dialect](user, password, settings.database);
  await runScript(fresh, make.join(';\n'));
  return { settings: { ...settings, user, password }, drop: () => runScript(fresh, drop.join(';\n')) };
}

type Statements = (user: string, password: string, database: string) => { make: string[]; drop: string[] };

const statements: Record<Exclude<DatabaseSettings['dialect'], 'sqlite'>, Statements> = {
  postgresql: (user, password) => ({
    make: [
      `create role ${user} login password '${password}'`,
      'revoke create on schema public from public',
      `grant usage on schema public to ${user}`,
      `grant select, insert, update, delete on all tables in schema public to ${user}`,
    ],
    drop: [`drop owned by ${user}`, `drop role ${user}`],
  }),
  mariadb: (user, password, database) => ({
    make: [
      `create user '${user}'@'%' identified by '${password}'`,
      `grant select, insert, update, delete, create temporary tables on ${database}.* to '${user}'@'%'`,
    ],
    drop: [`drop user '${user}'@'%'`],
  }),
  mssql: (user, password) => ({
    make: [
      `create login ${user} with password = '${password}'`,
      `create user ${user} for login ${user}`,
      `grant select, insert, update, delete on schema::dbo to ${user}`,
    ],
    drop: [
      `revoke select, insert, update, delete on schema::dbo from ${user}`,
      `drop user ${user}`,
      `drop login ${user}`,
    ],
  }),
};
