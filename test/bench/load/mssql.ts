import { Request, TYPES, type ConnectionConfiguration } from 'tedious';

import type { Table } from '#contracts';

import { BulkRows, LoaderConnection } from '../../../apps/loader/src/dialects/mssql/driver.js';
import { fittedTarget, type FittedTarget } from '../../../apps/loader/src/dialects/mssql/fitted.js';
import { mssqlGrammar } from '../../../apps/loader/src/dialects/mssql/grammar.js';
import { PLACE } from '../../../apps/loader/src/dialects/mssql/staging.js';
import { sentRow } from '../../../apps/loader/src/dialects/mssql/values.js';
import { mssqlWriter, type Execute } from '../../../apps/loader/src/dialects/mssql/writer.js';
import { targetOf } from '../../../apps/loader/src/merge/targets.js';
import { readCatalog } from '../../../apps/loader/src/schema/catalog.js';
import type { Transaction } from '../../../apps/loader/src/transaction.js';
import type { FreshDatabase } from '../../support/databases.js';
import { toldRows } from './told-rows.js';
import { asTransaction, guardedLoader, type Open } from './way.js';

/** The driver's bulk load is the product's own way too, so this is the product over the driver alone. */
export const bulkGuarded: Open = async (fresh) => {
  const { execute, schema, close } = await connected(fresh);
  const run = async (): Promise<number> => Promise.reject(new Error('a merge runs nothing by itself'));
  const catalog = await readCatalog({ query: execute } as Transaction, mssqlGrammar(schema));
  const writer = mssqlWriter(execute, schema, catalog);
  return guardedLoader(async (work) => {
    await execute('begin transaction');
    const result = await work(asTransaction('mssql', { query: execute, run, catalog, writer }));
    await execute('commit');
    return result;
  }, close);
};

/** The driver's bulk load into temporary tables kept for the connection; roots merged, children deleted and inserted. */
export const bulkBare: Open = async (fresh) => {
  const { execute, schema, close } = await connected(fresh);
  const catalog = await readCatalog({ query: execute } as Transaction, mssqlGrammar(schema));
  const made = new Set<string>();
  const load: Awaited<ReturnType<Open>>['load'] = async (batches) => {
    await execute('begin transaction');
    for (const { table, rows } of toldRows(batches)) {
      const target = fittedTarget(schema, targetOf(table), catalog);
      if (!made.has(table.name)) await execute(stage(target));
      made.add(table.name);
      const columns = target.columns.map(({ name, sent }) => ({ name, type: sent }));
      const sent = rows.map((row, place) => sentRow(target, row, place));
      await execute('rows', [new BulkRows(`#new_${table.name}`, [{ name: PLACE, type: 'int' }, ...columns], sent)]);
      await execute(table.owner === undefined ? mergeRoots(table, target) : replaceChildren(table, target));
    }
    await execute('commit');
  };
  return { load, close };
};

async function connected({ settings }: FreshDatabase) {
  if (settings.dialect !== 'mssql') throw new Error('no SQL Server');
  const { host, port, user, password, database, ssl, tlsVerify, schema } = settings;
  const configuration: ConnectionConfiguration = {
    server: host,
    authentication: { type: 'default', options: { userName: user, password } },
    options: { port, database, encrypt: ssl, trustServerCertificate: !tlsVerify, requestTimeout: 300_000 },
  };
  const connection = new LoaderConnection(configuration);
  const ready = Promise.withResolvers<void>();
  connection.connect((error) => (error ? ready.reject(error) : ready.resolve()));
  await ready.promise;
  const execute: Execute = <R extends object>(sql: string, params: readonly unknown[] = []) => {
    const done = Promise.withResolvers<R[]>();
    const rows: R[] = [];
    const request = new Request(sql, (error) => (error ? done.reject(error) : done.resolve(rows)));
    request.on('row', (columns: { metadata: { colName: string }; value: unknown }[]) =>
      rows.push(Object.fromEntries(columns.map(({ metadata, value }) => [metadata.colName, value])) as R),
    );
    params.forEach((value, index) => request.addParameter(String(index + 1), TYPES.NVarChar, value));
    connection.execSql(request);
    return done.promise;
  };
  const close = (): Promise<void> => {
    const ended = Promise.withResolvers<void>();
    connection.once('end', () => ended.resolve());
    connection.close();
    return ended.promise;
  };
  return { execute, schema, close };
}

function stage({ table, columns }: FittedTarget): string {
  const typed = columns.map(({ name, stored }) => `[${name}] ${stored} null`);
  return `create table #new_${table} ([${PLACE}] int, ${typed.join(', ')})`;
}

function mergeRoots({ name, columns }: Table, target: FittedTarget): string {
  const names = columns.map((column) => `[${column.name}]`);
  const others = names.filter((column) => column !== '[id]');
  return [
    'set nocount on',
    `update t set ${others.map((column) => `${column} = i.${column}`).join(', ')} from ${target.name} t join #new_${name} i on t.[id] = i.[id]`,
    `insert into ${target.name} (${names.join(', ')}) select ${names.join(', ')} from #new_${name} i where not exists (select 1 from ${target.name} t where t.[id] = i.[id])`,
    `truncate table #new_${name}`,
  ].join(';\n');
}

/** Every sample session has rows in every table it tells about, so the owners are those of the rows. */
function replaceChildren({ name, columns, owner }: Table, target: FittedTarget): string {
  const names = columns.map((column) => `[${column.name}]`).join(', ');
  return [
    'set nocount on',
    `delete t from ${target.name} t where t.[${owner}] in (select [${owner}] from #new_${name})`,
    `insert into ${target.name} (${names}) select ${names} from #new_${name}`,
    `truncate table #new_${name}`,
  ].join(';\n');
}
