import BetterSqlite, { type Database as NativeDatabase } from 'better-sqlite3';

import type { Row, RowBatch } from '#contracts';

import { sqliteGrammar } from '../../../apps/loader/src/dialects/sqlite/grammar.js';
import { sqliteSession } from '../../../apps/loader/src/dialects/sqlite/session.js';
import type { RowWriter, SetTarget, StoredRow, Target } from '../../../apps/loader/src/merge/row-writer.js';
import { readCatalog } from '../../../apps/loader/src/schema/catalog.js';
import type { Transaction } from '../../../apps/loader/src/transaction.js';
import type { FreshDatabase } from '../../support/databases.js';
import { sessionTables } from './told-rows.js';
import { asTransaction, guardedLoader, type Open } from './way.js';

type Value = string | number | null;

/** Prepared rows into temporary tables, then statements over whole sets; everything else as the product does it. */
export const stagedGuarded: Open = async (fresh) => {
  const native = opened(fresh);
  const { query, run } = sqliteSession(native, new Map());
  const catalog = await readCatalog({ query } as Transaction, sqliteGrammar);
  const writer = { ...sqliteSession(native, catalog).writer, ...stagedSets(native) };
  return guardedLoader(
    async (work) => {
      native.exec('begin immediate');
      const result = await work(asTransaction('sqlite', { query, run, catalog, writer }));
      native.exec('commit');
      return result;
    },
    async () => void native.close(),
  );
};

/** The least a loader can do: prepared statements in a loop, children deleted and inserted anew. */
export const preparedLoop: Open = async (fresh) => {
  const native = opened(fresh);
  const writers = sessionTables.map(({ name, owner, columns }) => {
    const names = columns.map((column) => column.name);
    const values = names.map(() => '?').join(', ');
    const changes = names.map((column) => `"${column}" = excluded."${column}"`).join(', ');
    const ending = owner ? '' : ` on conflict (id) do update set ${changes}`;
    const insert = native.prepare<Value[]>(`insert into ${name} (${list(columns)}) values (${values})${ending}`);
    const clear = owner ? native.prepare<[string]>(`delete from ${name} where ${owner} = ?`) : undefined;
    return { name, clear, write: (row: Row) => insert.run(...names.map((column) => bindable(row[column]))) };
  });
  const load = native.transaction((batches: readonly RowBatch[]) => {
    for (const { key, documents } of batches.flatMap(({ answered }) => answered)) {
      for (const { rows } of documents) {
        for (const { name, clear, write } of writers) {
          if (!rows[name]) continue;
          clear?.run(key);
          rows[name].forEach(write);
        }
      }
    }
  });
  return { load: async (batches) => load.immediate(batches), close: async () => void native.close() };
};

/** With the settings of the product's own connection. */
function opened({ settings }: FreshDatabase): NativeDatabase {
  if (settings.dialect !== 'sqlite') throw new Error('no SQLite file');
  const native = new BetterSqlite(settings.file);
  native.pragma('journal_mode = wal');
  native.pragma('synchronous = full');
  native.pragma('wal_autocheckpoint = 8000');
  native.pragma('temp_store = memory');
  return native;
}

function stagedSets(native: NativeDatabase): Pick<RowWriter, 'replaceSets'> {
  const made = new Map<string, ReturnType<typeof stageOf>>();
  return {
    async replaceSets(target, owners, rows, stamp) {
      const stage = made.get(target.table) ?? stageOf(native, target);
      made.set(target.table, stage);
      return stage(rows, JSON.stringify(owners), [stamp.now, stamp.runId]);
    },
  };
}

/** Fills the temporary table of a target, makes the target's rows equal to it, and empties it again. */
function stageOf(native: NativeDatabase, target: SetTarget) {
  const { table, columns, key, owner } = target;
  const stage = `temp."new_${table}"`;
  native.exec(
    `create table ${stage} (${list(columns)}); create index temp."new_${table}_ix" on "new_${table}" (${list(columns.filter(({ name }) => key.includes(name)))})`,
  );
  const fill = native.prepare<Value[]>(`insert into ${stage} values (${columns.map(() => '?').join(', ')})`);
  const others = columns.filter(({ name }) => !key.includes(name)).map(({ name }) => `"${name}"`);
  const match = key.map((name) => `t."${name}" ${name === owner.name ? '=' : 'is'} i."${name}"`).join(' and ');
  const gone = native.prepare<[string]>(
    `delete from "${table}" as t where "${owner.name}" in (select value from json_each(?)) and not exists (select 1 from ${stage} i where ${match})`,
  );
  const changed = others.length > 0 ? native.prepare<[string, string]>(`update "${table}" as t set ${others.map((name) => `${name} = i.${name}`).join(', ')}, "_etl_synced_at" = ?, "_etl_run_id" = ? from ${stage} i where ${match} and (${others.map((name) => `t.${name} is not i.${name}`).join(' or ')})`) : undefined; // prettier-ignore
  const added = native.prepare<[string, string]>(
    `insert into "${table}" (${list(columns)}, "_etl_synced_at", "_etl_run_id") select ${list(columns)}, ?, ? from ${stage} i where not exists (select 1 from "${table}" t where ${match})`,
  );
  const empty = native.prepare(`delete from ${stage}`);
  return (rows: readonly StoredRow[], owners: string, own: [string, string]): number => {
    for (const row of rows) fill.run(...columns.map(({ name }) => bindable(row[name])));
    const written = gone.run(owners).changes + (changed?.run(...own).changes ?? 0) + added.run(...own).changes;
    empty.run();
    return written;
  };
}

function list(columns: Target['columns']): string {
  return columns.map(({ name }) => `"${name}"`).join(', ');
}

function bindable(value: Row[string] | undefined): Value {
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}
