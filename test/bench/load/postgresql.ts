import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Client } from 'pg';
import { from } from 'pg-copy-streams';

import type { Row, Table } from '#contracts';

import { fittedSet, fittedTarget } from '../../../apps/loader/src/dialects/postgresql/fitted.js';
import { postgresGrammar } from '../../../apps/loader/src/dialects/postgresql/grammar.js';
import * as statements from '../../../apps/loader/src/dialects/postgresql/statements.js';
import { postgresWriter } from '../../../apps/loader/src/dialects/postgresql/writer.js';
import type { RowWriter, StoredRow, Target } from '../../../apps/loader/src/merge/row-writer.js';
import { readCatalog, type Catalog } from '../../../apps/loader/src/schema/catalog.js';
import type { Param, Transaction } from '../../../apps/loader/src/transaction.js';
import { tabSeparated, toldRows } from './told-rows.js';
import { asTransaction, guardedLoader, type Open } from './way.js';

/** COPY into temporary tables of the tables' types, then the statements of the product over these. */
export const copyGuarded: Open = async ({ url }) => {
  const client = await connected(url);
  const calls = callsOver(client);
  const catalog = await readCatalog(calls as Transaction, postgresGrammar('public'));
  const writer = copyWriter(client, calls, catalog);
  return guardedLoader(
    async (work) => {
      await client.query('begin isolation level read committed');
      const result = await work(asTransaction('postgresql', { ...calls, catalog, writer }));
      await client.query('commit');
      return result;
    },
    () => client.end(),
  );
};

/** COPY into temporary tables, then a merge without versions, own columns and ledger. */
export const copyBare: Open = async ({ url }) => {
  const client = await connected(url);
  const copy = copier(client);
  const load: Awaited<ReturnType<Open>>['load'] = async (batches) => {
    await client.query('begin');
    for (const { table, rows, owners } of toldRows(batches)) {
      const stage = await copy('new', table.name, table.columns, rows);
      await client.query(table.owner === undefined ? bareUpsert(table, stage) : bareDelete(table, stage), table.owner === undefined ? [] : [owners]); // prettier-ignore
      if (table.owner !== undefined) await client.query(bareUpdateAndInsert(table, stage));
    }
    await client.query('commit');
  };
  return { load, close: () => client.end() };
};

type Calls = Pick<Transaction, 'query' | 'run'>;

async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

function callsOver(client: Client): Calls {
  return {
    query: async <R extends object>(sql: string, params: readonly Param[] = []) =>
      (await client.query<R>(sql, [...params])).rows,
    run: async (sql, params = []) => (await client.query(sql, [...params])).rowCount ?? 0,
  };
}

/** Each purpose has a temporary table of its own, made once a connection and emptied by the commit. */
function copier(client: Client) {
  const made = new Set<string>();
  return async (purpose: string, table: string, columns: Target['columns'], rows: readonly Row[]): Promise<string> => {
    const stage = `${purpose}_${table}`;
    const list = columns.map(({ name }) => `"${name}"`).join(', ');
    if (!made.has(stage)) {
      await client.query(`create temp table ${stage} on commit delete rows as select ${list} from "${table}" limit 0`);
      made.add(stage);
    }
    const text = tabSeparated(columns, rows, ['f', 't']);
    await pipeline(Readable.from([Buffer.from(text)]), client.query(from(`copy ${stage} (${list}) from stdin`)));
    return stage;
  };
}

function copyWriter(client: Client, calls: Calls, catalog: Catalog): RowWriter {
  const { query, run } = calls;
  const copy = copier(client);
  const copied = (purpose: string, target: Target, rows: readonly StoredRow[]) =>
    copy(purpose, target.table, target.columns, rows);
  const fit = (target: Target) => fittedTarget(target, catalog);
  const keyOf = ({ key }: Target, row: StoredRow) => JSON.stringify(key.map((name) => row[name]));
  return {
    ...postgresWriter(calls, catalog),
    async insertMissing(target, rows) {
      const stage = await copied('missing', target, rows);
      return query(overStage(statements.insertMissing(fit(target)), stage));
    },
    async claim(target, rows) {
      const stage = await copied('claim', target, rows);
      const added = await query<StoredRow>(overStage(statements.insertMissing(fit(target)), stage));
      if (added.length === rows.length) return [];
      const isNew = new Set(added.map((row) => keyOf(target, row)));
      const locked = await query<StoredRow>(overStage(statements.lock(fit(target)), stage));
      return locked.filter((row) => !isNew.has(keyOf(target, row)));
    },
    async upsert(target, rows, stamp) {
      const stage = await copied('upsert', target, rows);
      return run(
        overStage(statements.upsert(fit(target), stamp !== null), stage),
        stamp ? [stamp.now, stamp.runId] : [],
      );
    },
    async keepLeast(target, column, rows) {
      const stage = await copied('least', target, rows);
      return run(overStage(statements.keepLeast(fit(target), column), stage));
    },
    async replaceSets(target, owners, rows, stamp) {
      const stage = await copied('set', target, rows);
      const sql = overStage(statements.replaceSets(fittedSet(target, catalog)), stage);
      const [counted] = await query<{ written: string }>(sql, [stamp.now, stamp.runId, JSON.stringify(owners)]);
      return Number(counted?.written ?? 0);
    },
  };
}

/** The product's statement with rows from a table in place of its first parameter. */
function overStage(sql: string, stage: string): string {
  const over = sql.replace(/json_to_recordset\(\$1::json\) as i \((?:[^()]|\([^()]*\))*\)/, `${stage} as i`);
  if (over === sql) throw new Error(`no rows are unfolded in: ${sql}`);
  return over.replaceAll(/\$(\d)/g, (_, number) => `$${Number(number) - 1}`);
}

function bareUpsert({ name, columns }: Table, stage: string): string {
  const names = columns.map((column) => `"${column.name}"`);
  const others = names.filter((column) => column !== '"id"');
  return `insert into ${name} as t (${names.join(', ')}) select * from ${stage} order by id
    on conflict (id) do update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}
    where (${others.map((column) => `t.${column}`).join(', ')})
      is distinct from (${others.map((column) => `excluded.${column}`).join(', ')})`;
}

function bareDelete(table: Table, stage: string): string {
  return `delete from ${table.name} t where t.${table.owner} = any($1::uuid[])
    and not exists (select 1 from ${stage} i where ${match(table)})`;
}

function bareUpdateAndInsert(table: Table, stage: string): string {
  const { name, columns, key } = table;
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const others = columns.filter((column) => !key.includes(column.name)).map((column) => `"${column.name}"`);
  const update = `update ${name} t set ${others.map((column) => `${column} = i.${column}`).join(', ')} from ${stage} i
    where ${match(table)} and (${others.map((column) => `t.${column}`).join(', ')})
      is distinct from (${others.map((column) => `i.${column}`).join(', ')});`;
  return `${others.length > 0 ? update : ''}
    insert into ${name} (${names}) select ${names} from ${stage} i
    where not exists (select 1 from ${name} t where ${match(table)})`;
}

function match({ key, owner }: Table): string {
  const same = key.map((column) => `t."${column}" is not distinct from i."${column}"`);
  return [`t.${owner} = i.${owner}`, ...same].join(' and ');
}
