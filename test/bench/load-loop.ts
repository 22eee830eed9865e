import BetterSqlite from 'better-sqlite3';

import { tables, type Row, type RowBatch } from '#contracts';

import type { Loader } from './load.js';

type Value = string | number | null;

/** The least a loader into SQLite can do: prepared statements in a loop, children deleted and inserted anew. */
export function preparedLoop(file: string): Loader {
  const native = new BetterSqlite(file);
  native.pragma('journal_mode = wal');
  native.pragma('synchronous = full');
  const writers = tables
    .filter(({ entity }) => entity === 'session')
    .map(({ name, owner, columns }) => {
      const names = columns.map((column) => column.name);
      const list = names.map((column) => `"${column}"`).join(', ');
      const values = names.map(() => '?').join(', ');
      const changes = names.map((column) => `"${column}" = excluded."${column}"`).join(', ');
      const insert = native.prepare<Value[]>(
        `insert into ${name} (${list}) values (${values})${owner ? '' : ` on conflict (id) do update set ${changes}`}`,
      );
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
  return {
    load: (batches) => Promise.resolve(load.immediate(batches)),
    close: () => Promise.resolve(void native.close()),
  };
}

function bindable(value: Row[string] | undefined): Value {
  return typeof value === 'boolean' ? Number(value) : (value ?? null);
}
