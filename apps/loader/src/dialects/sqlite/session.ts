import type { Database as NativeDatabase, Statement } from 'better-sqlite3';

import type { Param } from '../../transaction.js';
import type { Session } from '../connection.js';
import { sqliteWriter } from './writer.js';

/** Prepared once a file and text; lists of placeholders make new texts, so there is an end to it. */
const MAX_STATEMENTS = 500;

/** Prepares a text, or gives the statement prepared before. */
export type Prepare = (sql: string) => Statement<unknown[]>;

const sessions = new WeakMap<NativeDatabase, Session>();

/** SQLite has one connection, so every transaction has the same calls, over the same prepared statements. */
export function sqliteSession(native: NativeDatabase): Session {
  const known = sessions.get(native);
  if (known) return known;
  const prepare = prepareOnce(native);
  const session: Session = {
    query: async <R extends object>(sql: string, params: readonly Param[] = []): Promise<R[]> =>
      prepare(sql).all(...params.map(bindable)) as R[],
    run: async (sql, params = []) => {
      const statement = prepare(sql);
      if (statement.reader) return statement.all(...params.map(bindable)).length;
      return statement.run(...params.map(bindable)).changes;
    },
    writer: sqliteWriter(prepare),
  };
  sessions.set(native, session);
  return session;
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
