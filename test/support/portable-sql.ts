import type { ColumnType } from '#contracts';
import type { Dialect } from './suites.js';

/** A statement with names in standard SQL's quotes, in the quotes of the dialect. */
export function sqlFor(dialect: Dialect, sql: string): string {
  return quotesOf[dialect] === '"' ? sql : sql.replaceAll('"', quotesOf[dialect]);
}

/** A column of any type as text, or as it is where drivers agree about it. For `sqlFor`. */
export function cellFor(dialect: Dialect, name: string, type: ColumnType): string {
  const text = textOf[dialect][type];
  return text ? `${text.replace('?', `"${name}"`)} as "${name}"` : `"${name}"`;
}

const quotesOf: Record<Dialect, string> = { sqlite: '"', postgresql: '"', mariadb: '`', mssql: '"' };

/** SQLite's driver rounds large integers, and PostgreSQL's parses JSON, strings in it too. */
const textOf: Record<Dialect, Partial<Record<ColumnType, string>>> = {
  sqlite: { bigint: 'cast(? as text)' },
  postgresql: { bigint: 'cast(? as text)', json: 'cast(? as text)' },
  mariadb: { bigint: 'cast(? as char)' },
  mssql: {},
};
