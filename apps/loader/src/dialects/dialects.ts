import { types } from 'node:util';

import type { EntitySchema } from '@mikro-orm/sql';

import type { DatabaseSettings } from '#config';
import { TransientError } from '#messaging';

import type { Grammar } from '../schema/grammar.js';
import type { Connection, Dialect } from './connection.js';
import { DataFault, type Fault } from './faults.js';
import { connectMariadb } from './mariadb/connection.js';
import { mariadbFault } from './mariadb/faults.js';
import { mariadbGrammar } from './mariadb/grammar.js';
import { connectMssql } from './mssql/connection.js';
import { mssqlFault } from './mssql/faults.js';
import { mssqlGrammar } from './mssql/grammar.js';
import { connectPostgres } from './postgresql/connection.js';
import { postgresFault } from './postgresql/faults.js';
import { postgresGrammar } from './postgresql/grammar.js';
import { connectSqlite } from './sqlite/connection.js';
import { sqliteFault } from './sqlite/faults.js';
import { sqliteGrammar } from './sqlite/grammar.js';

/** Everything the loader needs of a dialect beside the SQL of an open transaction. */
export interface DialectParts {
  readonly dialect: Dialect;
  grammar(settings: DatabaseSettings): Grammar;
  connect(settings: DatabaseSettings, entities: EntitySchema[]): Promise<Connection>;
  /** What a thrown value means; null where it is no error of the database's. */
  fault(error: unknown): Fault | null;
}

type SettingsOf<D extends Dialect> = Extract<DatabaseSettings, { dialect: D }>;

type Entry<D extends Dialect> = {
  readonly grammar: (settings: SettingsOf<D>) => Grammar;
  readonly connect: (settings: SettingsOf<D>, entities: EntitySchema[]) => Promise<Connection>;
  readonly fault: (error: Error) => Fault | null;
};

/** A dialect is added here. */
const dialects: { [D in Dialect]: Entry<D> } = {
  sqlite: { grammar: () => sqliteGrammar, connect: connectSqlite, fault: sqliteFault },
  postgresql: { grammar: ({ schema }) => postgresGrammar(schema), connect: connectPostgres, fault: postgresFault },
  mssql: { grammar: ({ schema }) => mssqlGrammar(schema), connect: connectMssql, fault: mssqlFault },
  mariadb: { grammar: mariadbGrammar, connect: connectMariadb, fault: mariadbFault },
};

export const dialectNames = Object.keys(dialects) as readonly Dialect[];

export function dialectOf<D extends Dialect>(dialect: D): DialectParts {
  const entry: Entry<D> = dialects[dialect];
  return {
    dialect,
    grammar: (settings) => entry.grammar(settings as SettingsOf<D>),
    connect: (settings, entities) => entry.connect(settings as SettingsOf<D>, entities),
    fault: (error) => faultWithin(error, entry.fault),
  };
}

/** MikroORM wraps some errors of drivers, so the chain of causes is searched. What was judged before stays so. */
function faultWithin(error: unknown, fault: (error: Error) => Fault | null): Fault | null {
  if (error instanceof TransientError || error instanceof DataFault) return null;
  for (let cause = error; types.isNativeError(cause); cause = cause.cause) {
    const found = fault(cause);
    if (found) return found;
  }
  return null;
}
