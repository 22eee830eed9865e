import { Readable } from 'node:stream';

import { createPool, type PoolConnection, type QueryOptions, type ResultSetHeader } from 'mysql2';
import type { MysqlPoolConnection } from 'kysely';

import { idsOf, ownCells } from '../../../apps/loader/src/dialects/mariadb/cells.js';
import { fittedSet, fittedTarget, type FittedTarget } from '../../../apps/loader/src/dialects/mariadb/fitted.js';
import { mariadbGrammar } from '../../../apps/loader/src/dialects/mariadb/grammar.js';
import type { Calls } from '../../../apps/loader/src/dialects/mariadb/inserts.js';
import { ReadyPool } from '../../../apps/loader/src/dialects/mariadb/ready-pool.js';
import * as statements from '../../../apps/loader/src/dialects/mariadb/statements.js';
import { mariadbWriter } from '../../../apps/loader/src/dialects/mariadb/writer.js';
import type { RowWriter, StoredRow, Target } from '../../../apps/loader/src/merge/row-writer.js';
import { readCatalog, type Catalog } from '../../../apps/loader/src/schema/catalog.js';
import type { Transaction } from '../../../apps/loader/src/transaction.js';
import type { FreshDatabase } from '../../support/databases.js';
import { tabSeparated, toldRows } from './told-rows.js';
import { asTransaction, guardedLoader, type Open } from './way.js';

const ROWS_PER_STATEMENT = 1000;

/** LOAD DATA into temporary tables of the tables' types, then the statements of the product over these. */
export const loadDataGuarded: Open = async (fresh) => {
  if (fresh.settings.dialect !== 'mariadb') throw new Error('no MariaDB');
  const { run, query, close } = await connected(fresh);
  const calls: Calls = { query, run: async (sql, values) => (await run(sql, values)).affectedRows };
  const catalog = await readCatalog(calls as Transaction, mariadbGrammar(fresh.settings));
  const [{ packet = 0 } = {}] = await query<{ packet: number }>('select @@max_allowed_packet as packet');
  const staged = async (target: FittedTarget, rows: readonly StoredRow[], work: () => Promise<number>) => {
    await run(statements.createStage(target));
    await run(loadData(target), [], tabSeparated(target.columns, rows, ['0', '1']));
    const written = await work();
    await run(statements.dropStage);
    return written;
  };
  const writer = { ...mariadbWriter(calls, catalog, packet), ...stagedWriter(calls, catalog, staged) };
  return guardedLoader(async (work) => {
    await run('start transaction');
    const result = await work(asTransaction('mariadb', { query: calls.query, run: calls.run, catalog, writer }));
    await run('commit');
    return result;
  }, close);
};

/** Multi-row statements straight into the tables: roots on duplicate key, children deleted and inserted anew. */
export const multiRowBare: Open = async (fresh) => {
  const { run, close } = await connected(fresh);
  const load: Awaited<ReturnType<Open>>['load'] = async (batches) => {
    await run('start transaction');
    for (const { table, rows, owners } of toldRows(batches)) {
      const { name, columns, owner } = table;
      const names = columns.map((column) => `\`${column.name}\``);
      const changes = names.map((column) => `${column} = values(${column})`).join(', ');
      const ending = owner === undefined ? ` on duplicate key update ${changes}` : '';
      if (owner !== undefined) await run(`delete from ${name} where ${owner} in (?)`, [owners]);
      for (let first = 0; first < rows.length; first += ROWS_PER_STATEMENT) {
        const values = rows.slice(first, first + ROWS_PER_STATEMENT).map((row) => columns.map((column) => row[column.name] ?? null)); // prettier-ignore
        await run(`insert into ${name} (${names.join(', ')}) values ?${ending}`, [values]);
      }
    }
    await run('commit');
  };
  return { load, close };
};

/** A connection with the settings of the product's own, except that it may send files. */
async function connected({ settings }: FreshDatabase) {
  if (settings.dialect !== 'mariadb') throw new Error('no MariaDB');
  const { host, port, user, password, database } = settings;
  const address = { host, port, user, password, database };
  const facts = { charset: 'utf8mb4_bin', flags: ['-FOUND_ROWS'], dateStrings: true, supportBigNumbers: true };
  const pool = createPool({ ...address, ...facts, jsonStrings: true });
  const taken = Promise.withResolvers<MysqlPoolConnection>();
  new ReadyPool(pool, settings.statementTimeout).getConnection((error, one) =>
    error ? taken.reject(error) : taken.resolve(one),
  );
  const connection = (await taken.promise) as unknown as PoolConnection;
  const ask = async (sql: string, values: readonly unknown[] = [], file?: string): Promise<unknown> => {
    const sent = file === undefined ? {} : { infileStreamFactory: () => Readable.from([Buffer.from(file)]) };
    const options: QueryOptions = { sql, values: [...values], ...sent };
    return (await connection.promise().query(options))[0];
  };
  return {
    query: async <R extends object>(sql: string, values?: readonly unknown[]) => (await ask(sql, values)) as R[],
    run: async (sql: string, values?: readonly unknown[], file?: string) =>
      (await ask(sql, values, file)) as ResultSetHeader,
    close: () => pool.promise().end(),
  };
}

function stagedWriter(
  { run }: Calls,
  catalog: Catalog,
  staged: (target: FittedTarget, rows: readonly StoredRow[], work: () => Promise<number>) => Promise<number>,
): Pick<RowWriter, 'upsert' | 'keepLeast' | 'replaceSets'> {
  return {
    upsert(target, rows, stamp) {
      const fitted = fittedTarget(target, catalog);
      const update = statements.updateChanged(fitted, stamp !== null);
      return staged(fitted, rows, async () => {
        const changed = update === undefined ? 0 : await run(update, ownCells(stamp));
        return changed + (await run(statements.insertOthers(target, stamp !== null), ownCells(stamp)));
      });
    },
    keepLeast: (target, column, rows) =>
      staged(fittedTarget(target, catalog), rows, async () => {
        const changed = await run(statements.updateGreater(target, column));
        return changed + (await run(statements.insertOthers(target, false)));
      }),
    replaceSets(target, owners, rows, stamp) {
      const set = fittedSet(target, catalog);
      const update = statements.updateChanged(set, true);
      return staged(set, rows, async () => {
        const gone = await run(statements.deleteGone(set), [idsOf(target.owner, owners)]);
        const changed = update === undefined ? 0 : await run(update, ownCells(stamp));
        return gone + changed + (await run(statements.insertOthers(set, true), ownCells(stamp)));
      });
    },
  };
}

function loadData({ columns }: Target): string {
  const names = columns.map(({ name }) => `\`${name}\``).join(', ');
  return `load data local infile 'rows' replace into table \`etl_stage\` character set utf8mb4 (${names})`;
}
