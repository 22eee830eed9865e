import { TransientError } from '#messaging';
import { messageOf } from '#observability';

import { Database } from '../../apps/loader/src/database.js';
import type { Dialect } from '../../apps/loader/src/dialects/connection.js';
import { DatabaseFault, DataFault, policyOf, type FaultKind } from '../../apps/loader/src/dialects/faults.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { logger } from './warehouse-harness.js';

/** What stands in rows and passwords of these tests, and must be in no message. */
export const SECRET = 's3cret';

/** What the tests have to say differently to each server: how a parameter is written, and not to wait for locks. */
export const words = {
  postgresql: { parameter: '$1', impatient: `set local lock_timeout = '100ms'` },
  mariadb: { parameter: '?', impatient: 'set innodb_lock_wait_timeout = 1' },
  mssql: { parameter: '@1', impatient: 'set lock_timeout 100' },
} as const;

/** A database with a few tables of its own, for each test of a suite. */
export class Faulty {
  fresh!: FreshDatabase;
  database!: Database;

  private constructor(readonly dialect: Dialect) {}

  /** Call within `describe`. */
  static forEachTest(dialect: Dialect): Faulty {
    const faulty = new Faulty(dialect);
    const strict = dialect === 'sqlite' ? ' strict' : '';
    const text = dialect === 'sqlite' ? 'text' : 'varchar(8)';
    beforeEach(async () => {
      faulty.fresh = await freshDatabase(dialect);
      faulty.database = await faulty.open();
      await faulty.run(
        `create table owners (name ${text} not null primary key)${strict}`,
        `create table cells (name ${text} not null primary key, amount int, at ${dialect === 'sqlite' ? 'text' : 'date'}, ` +
          `owner ${text}, foreign key (owner) references owners (name), constraint few check (amount <> 13))${strict}`,
      );
    });
    afterEach(async () => {
      await faulty.database.close();
      await faulty.fresh.drop();
    });
    return faulty;
  }

  /** The same database, with other settings. */
  open(change: object = {}): Promise<Database> {
    return Database.open({ ...this.fresh.settings, ...change }, logger, []);
  }

  async run(...statements: string[]): Promise<void> {
    for (const statement of statements) await this.database.transaction((tx) => tx.run(statement));
  }

  query<R extends object>(sql: string): Promise<R[]> {
    return this.database.transaction((tx) => tx.query<R>(sql));
  }
}

/** The work fails by this kind of fault, is treated as its policy says, and tells neither a row nor a password. */
export async function expectFault(work: Promise<unknown>, kind: FaultKind): Promise<void> {
  const error = await work.then(
    () => new Error('nothing failed'),
    (failure: unknown) => failure as Error,
  );
  const { action, hint } = policyOf(kind);
  expect({ kind: error.cause instanceof DatabaseFault ? error.cause.code : error }).toEqual({ kind });
  expect(error.message).toContain(hint);
  expect(messageOf(error)).not.toContain(SECRET);
  if (action === 'data') expect(error).toBeInstanceOf(DataFault);
  else expect([error instanceof TransientError, error]).toMatchObject([action !== 'fail', { outside: true }]);
}
