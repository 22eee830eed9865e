import type { Database as NativeDatabase, Statement } from 'better-sqlite3';

import type { Catalog } from '../../schema/catalog.js';
import type { Param } from '../../transaction.js';
import type { Session } from '../connection.js';
import { sqliteWriter } from './writer.js';

/** Prepared once a file and text; lists of placeholders make new texts, so there is an end to it. */
const MAX_STATEMENTS = 500;

/** Prepares a text, or gives the statement prepared before. */
export type Prepare = (sql: string) => Statement<unknown[]>;

const prepared = new WeakMap<NativeDatabase, Prepare>();

/** SQLite has one connection, so the statements of every transaction are the same prepared ones. */
export function sqliteSession(native: NativeDatabase, catalog: Catalog): Session {
  const prepare = prepared.get(native) ?? prepareOnce(native);
  prepared.set(native, prepare);
  return {
    query: async <R extends object>(sql: string, params: readonly Param[] = []): Promise<R[]> =>
      prepare(sql).all(...params.map(bindable)) as R[],
    run: async (sql, params = []) => {
      const statement = prepare(sql);
      if (statement.reader) return statement.all(...params.map(bindable)).length;
      return statement.run(...params.map(bindable)).changes;
    },
    writer: sqliteWriter(prepare, catalog),
  };
}

function prepareOnce(native: NativeDatabase): Prepare {
  const statements = new Map<string, Statement<unknown[]>>();
  return (sql) => {
    let statement = statements.get(sql);
    if (!statement) {
      if (statements.size >= MAX_STATEMENTS) statements.clear();
      statement = native.prepare<unknown[]>(sql);
      statements.set(sql, statement);
    }
    return statement;
  };
}

/** better-sqlite3 binds no booleans. */
export function bindable(value: Param | undefined): Exclude<Param, boolean> {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value ?? null;
}
