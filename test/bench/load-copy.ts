import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { Client } from 'pg';
import { from } from 'pg-copy-streams';

import { tables, type Row, type RowBatch, type Table } from '#contracts';

import type { Loader } from './load.js';

const warehouse = tables.filter(({ entity }) => entity === 'session');

/** PostgreSQL's own fast way: COPY into temporary tables, then the merge's statements, without versions and ledger. */
export async function copyAndMerge(url: string): Promise<Loader> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const { name, columns } of warehouse) {
    const list = columns.map((column) => `"${column.name}"`).join(', ');
    await client.query(`create temp table new_${name} on commit delete rows as select ${list} from ${name} limit 0`);
  }
  const load = async (batches: readonly RowBatch[]): Promise<void> => {
    const documents = batches.flatMap(({ answered }) => answered.flatMap((one) => one.documents));
    await client.query('begin');
    for (const table of warehouse) {
      const told = documents.filter(({ rows }) => rows[table.name]);
      if (told.length === 0) continue;
      await copy(
        client,
        table,
        told.flatMap(({ rows }) => rows[table.name] ?? []),
      );
      await client.query(table.owner === undefined ? upsert(table) : replace(table));
    }
    await client.query('commit');
  };
  return { load, close: () => client.end() };
}

async function copy(client: Client, { name, columns }: Table, rows: readonly Row[]): Promise<void> {
  const text = rows.map((row) => columns.map((column) => cell(row[column.name])).join('\t') + '\n').join('');
  await pipeline(Readable.from([text]), client.query(from(`copy new_${name} from stdin`)));
}

function cell(value: Row[string] | undefined): string {
  if (value === null || value === undefined) return '\\N';
  return String(value).replace(/[\\\t\n\r]/g, (character) => `\\${escapes[character]}`);
}
const escapes: Record<string, string> = { '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' };

function upsert({ name, columns }: Table): string {
  const names = columns.map((column) => `"${column.name}"`);
  const others = names.filter((column) => column !== '"id"');
  return `insert into ${name} as t (${names.join(', ')}) select * from new_${name} order by id
    on conflict (id) do update set ${others.map((column) => `${column} = excluded.${column}`).join(', ')}
    where (${others.map((column) => `t.${column}`).join(', ')})
      is distinct from (${others.map((column) => `excluded.${column}`).join(', ')})`;
}

/** Every sample session has rows in every table it tells about, so the owners are those of the rows. */
function replace({ name, columns, key, owner }: Table): string {
  const names = columns.map((column) => `"${column.name}"`);
  const others = columns.filter((column) => !key.includes(column.name)).map((column) => `"${column.name}"`);
  const same = key.map((column) => `t."${column}" is not distinct from i."${column}"`).join(' and ');
  const match = `t.${owner} = i.${owner} and ${same}`;
  const update = `update ${name} t set ${others.map((column) => `${column} = i.${column}`).join(', ')} from new_${name} i
    where ${match} and (${others.map((column) => `t.${column}`).join(', ')})
      is distinct from (${others.map((column) => `i.${column}`).join(', ')});`;
  return `delete from ${name} t where t.${owner} in (select ${owner} from new_${name})
      and not exists (select 1 from new_${name} i where ${match});
    ${others.length > 0 ? update : ''}
    insert into ${name} (${names.join(', ')}) select ${names.join(', ')} from new_${name} i
    where not exists (select 1 from ${name} t where ${match})`;
}
