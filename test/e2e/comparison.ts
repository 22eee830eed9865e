import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';

import type { MssqlSettings } from '#config';
import { type Column, type Table, tables } from '#contracts';

import { openMssql } from '../support/mssql-server.js';

/** A row by column name; JSON columns parsed, other values as a driver gave them. */
type Values = Readonly<Record<string, unknown>>;

/** Reads the warehouse with a driver of its own, so that a fault of the loader's cannot hide itself. */
export interface WarehouseReader {
  rows(table: Table): Promise<Values[]>;
  all(sql: string): Promise<Values[]>;
  /** The first column of the first row. */
  value(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

export function sqliteReader(file: string): WarehouseReader {
  const database = new Database(file, { readonly: true });
  database.defaultSafeIntegers(true);
  return {
    rows: (table) => {
      const rows = database.prepare<[], Values>(select(table, (name) => `"${name}"`)).all();
      return Promise.resolve(rows.map((row) => parsed(table, row)));
    },
    all: (sql) => Promise.resolve(database.prepare<[], Values>(sql).all()),
    value: (sql) => Promise.resolve(database.prepare(sql).pluck().get()),
    close: () => Promise.resolve(void database.close()),
  };
}

export async function postgresReader(url: string): Promise<WarehouseReader> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const asText = ['datetime', 'bigint', 'json'];
  const read = (name: string, type: string): string =>
    asText.includes(type) ? `"${name}"::text "${name}"` : `"${name}"`;
  return {
    rows: async (table) => (await client.query<Values>(select(table, read))).rows.map((row) => parsed(table, row)),
    all: async (sql) => (await client.query<Values>(sql)).rows,
    value: async (sql) => (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows[0]?.[0],
    close: () => client.end(),
  };
}

export async function mariadbReader(url: string): Promise<WarehouseReader> {
  const connection = await createConnection({
    uri: url,
    charset: 'utf8mb4_bin',
    dateStrings: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    jsonStrings: true,
    // The driver misses one double in a hundred by the last bit; `Number` reads their texts rightly.
    typeCast: (field, next) => (field.type === 'DOUBLE' ? field.string() : next()),
  });
  await connection.query(`set session sql_mode = concat(@@sql_mode, ',ANSI_QUOTES')`);
  const rows = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0] as Values[];
  return {
    rows: async (table) => (await rows(select(table, (name) => `"${name}"`))).map((row) => parsed(table, row)),
    all: rows,
    value: async (sql) => Object.values((await rows(sql))[0] ?? {})[0],
    close: () => connection.end(),
  };
}

export async function mssqlReader(settings: MssqlSettings): Promise<WarehouseReader> {
  const { query, close } = await openMssql(settings);
  const read = (name: string, type: string): string =>
    type === 'datetime' ? `convert(varchar(27), "${name}", 121) "${name}"` : `"${name}"`;
  return {
    rows: async (table) => (await query(select(table, read))).map((row) => parsed(table, row)),
    all: query,
    value: async (sql) => Object.values((await query(sql))[0] ?? {})[0],
    close,
  };
}

function select(table: Table, column: (name: string, type: string) => string): string {
  const columns = table.columns.map(({ name, type }) => column(name, type)).join(', ');
  const root = table.owner === undefined;
  return `select ${columns} from "${table.name}"${root ? ' where "_etl_deleted_at" is null' : ''}`;
}

function parsed(table: Table, row: Values): Values {
  const json = table.columns.filter(({ name, type }) => type === 'json' && typeof row[name] === 'string');
  return { ...row, ...Object.fromEntries(json.map(({ name }) => [name, JSON.parse(row[name] as string) as unknown])) };
}

/** One text a row, equal for equal content whatever the database's way of giving it. */
export function canonical(table: Table, row: Values): string {
  return JSON.stringify(table.columns.map((column) => canonicalCell(column, row[column.name])));
}

function canonicalCell({ type }: Column, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (type) {
    case 'int':
    case 'bigint':
      return BigInt(value as string | number | bigint).toString();
    case 'float':
      return Number(value);
    case 'bool':
      return typeof value === 'boolean' ? value : Number(value) !== 0;
    case 'datetime':
      return (value as string).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
    case 'json':
      return sortedKeys(value);
    default:
      return value;
  }
}

/** The same JSON with the keys of every object in order: databases may keep them in theirs. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, inner]) => [key, sortedKeys(inner)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** What differs between the expected rows (by table) and the database; at most five lines a table, empty when equal. */
export async function differences(
  reader: WarehouseReader,
  expected: ReadonlyMap<string, readonly Values[]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const table of tables) {
    const wanted = new Map<string, number>();
    for (const row of expected.get(table.name) ?? []) count(wanted, canonical(table, row), 1);
    for (const row of await reader.rows(table)) count(wanted, canonical(table, row), -1);
    const lines = [...wanted].filter(([, times]) => times !== 0).sort();
    found.push(
      ...lines.slice(0, 5).map(([text, times]) => `${table.name}: ${times > 0 ? 'missing' : 'too many'} ${text}`),
      ...(lines.length > 5 ? [`${table.name}: ${lines.length - 5} more`] : []),
    );
  }
  return found;
}

/** How many rows the database should hold, and how it differs; all zero but the first where it is true. */
export interface Comparison {
  readonly rows: number;
  readonly lost: number;
  /** There more than once, or not to be there at all. */
  readonly twice: number;
  /** There, but not as ET tells it. */
  readonly stale: number;
}

/** The same difference in figures, told apart by the rows' natural keys. */
export async function compare(
  reader: WarehouseReader,
  expected: ReadonlyMap<string, readonly Values[]>,
): Promise<Comparison> {
  let [rows, lost, twice, stale] = [0, 0, 0, 0];
  for (const table of tables) {
    const wanted = new Map((expected.get(table.name) ?? []).map((row) => [keyOf(table, row), canonical(table, row)]));
    rows += wanted.size;
    const met = new Set<string>();
    for (const row of await reader.rows(table)) {
      const key = keyOf(table, row);
      if (met.has(key) || !wanted.has(key)) twice += 1;
      else if (wanted.get(key) !== canonical(table, row)) stale += 1;
      met.add(key);
    }
    for (const key of wanted.keys()) if (!met.has(key)) lost += 1;
  }
  return { rows, lost, twice, stale };
}

function keyOf(table: Table, row: Values): string {
  const columns = table.columns.filter(({ name }) => table.key.includes(name));
  return JSON.stringify(columns.map((column) => canonicalCell(column, row[column.name])));
}

function count(counts: Map<string, number>, key: string, by: number): void {
  const times = (counts.get(key) ?? 0) + by;
  if (times === 0) counts.delete(key);
  else counts.set(key, times);
}
