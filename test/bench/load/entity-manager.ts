import type { SqlEntityManager } from '@mikro-orm/sql';
import {
  DummyDriver,
  Kysely,
  MssqlAdapter,
  MssqlIntrospector,
  MssqlQueryCompiler,
  MysqlAdapter,
  MysqlIntrospector,
  MysqlQueryCompiler,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  type DatabaseConnection,
  type Dialect as Grammar,
} from 'kysely';

import type { Param, Transaction } from '../../../apps/loader/src/transaction.js';
import type { Dialect } from '../../support/suites.js';

type Query = Transaction['query'];

const parts = {
  sqlite: [SqliteAdapter, SqliteQueryCompiler, SqliteIntrospector],
  postgresql: [PostgresAdapter, PostgresQueryCompiler, PostgresIntrospector],
  mariadb: [MysqlAdapter, MysqlQueryCompiler, MysqlIntrospector],
  mssql: [MssqlAdapter, MssqlQueryCompiler, MssqlIntrospector],
} as const;

/** What a merge asks an entity manager for, over a connection that MikroORM knows nothing of. */
export function entityManager(dialect: Dialect, query: Query): SqlEntityManager {
  const queries = new Kysely<unknown>({ dialect: over(dialect, query) });
  return { config: { get: () => undefined }, getKysely: () => queries } as unknown as SqlEntityManager;
}

function over(dialect: Dialect, query: Query): Grammar {
  const [Adapter, Compiler, Introspector] = parts[dialect];
  return {
    createAdapter: () => new Adapter(),
    createDriver: () => new OneConnection(query),
    createIntrospector: (queries) => new Introspector(queries),
    createQueryCompiler: () => new Compiler(),
  };
}

class OneConnection extends DummyDriver {
  constructor(private readonly query: Query) {
    super();
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const { query } = this;
    return {
      executeQuery: async <R>({ sql, parameters }: { sql: string; parameters: readonly unknown[] }) => ({
        rows: (await query(sql, parameters as Param[])) as R[],
      }),
      streamQuery() {
        throw new Error('a merge reads no streams');
      },
    };
  }
}
