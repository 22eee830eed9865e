import type { MysqlPool, MysqlPoolConnection } from 'kysely';
import type { Pool, PoolConnection } from 'mysql2';

/** Somebody else's open transaction must not hold a message for ever. */
const LOCK_TIMEOUT_S = 60;

/**
 * Values that do not fit are refused, id 0 (ET's own user) is an id also where the server makes ids, and mysql2's
 * backslashes and double quotes mean what it takes them to mean.
 */
const SQL_MODE = [
  'STRICT_ALL_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_AUTO_VALUE_ON_ZERO',
  'NO_ENGINE_SUBSTITUTION',
].join();

/** What every connection is set to, whatever the server's defaults. */
function sessionSettings(statementTimeout: number): string[] {
  const locks = `innodb_lock_wait_timeout = ${LOCK_TIMEOUT_S}, lock_wait_timeout = ${LOCK_TIMEOUT_S}`;
  return [
    'set names utf8mb4 collate utf8mb4_bin',
    'set session transaction isolation level read committed',
    `set session sql_mode = '${SQL_MODE}', ${locks} ${statementTimeoutClause(statementTimeout)}`,
    // By default lists of over 200 owners are costed by statistics. Those of a table that was empty a minute ago tell the
    // server to read all of it, `force index` or not.
    'set session eq_range_index_dive_limit = 0',
  ];
}

/**
 * Follows a setting of `set session`, in seconds; 0 lets statements take their time. MariaDB breaks off any statement,
 * MySQL only what reads; each takes the setting of the other for a remark.
 */
export function statementTimeoutClause(seconds: number): string {
  return `/*M!100600 , max_statement_time = ${seconds} */ /*!80000 , max_execution_time = ${seconds * 1000} */`;
}

/** A pool whose connections are set up before anybody gets them; one that cannot be is closed, not kept. */
export class ReadyPool implements MysqlPool {
  private readonly ready = new WeakSet<PoolConnection>();
  private readonly settings: readonly string[];

  constructor(
    private readonly pool: Pool,
    statementTimeout: number,
  ) {
    this.settings = sessionSettings(statementTimeout);
  }

  getConnection(callback: (error: unknown, connection: MysqlPoolConnection) => void): void {
    this.pool.getConnection((error, connection) => {
      if (error || this.ready.has(connection)) return callback(error, connection);
      this.setUp(connection).then(
        () => {
          this.ready.add(connection);
          callback(null, connection);
        },
        (failure: unknown) => {
          connection.destroy();
          callback(failure, connection);
        },
      );
    });
  }

  end(callback: (error: unknown) => void): void {
    this.pool.end(callback);
  }

  private async setUp(connection: PoolConnection): Promise<void> {
    for (const statement of this.settings) await connection.promise().query(statement);
  }
}
