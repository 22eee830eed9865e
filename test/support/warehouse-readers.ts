import Database from 'better-sqlite3';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import pg from 'pg';

import type { MssqlSettings } from '#config';
import type { Table } from '#contracts';

import type { FreshDatabase } from './databases.js';
import { openMssql } from './mssql-server.js';

/** A row by column name; JSON columns parsed, other values as a driver gave them. */
export type Values = Readonly<Record<string, unknown>>;

/** Reads the warehouse with a driver of its own, so that a fault of the loader's cannot hide itself. */
export interface WarehouseReader {
  rows(table: Table): Promise<Values[]>;
  all(sql: string): Promise<Values[]>;
  /** The first column of the first row. */
  value(sql: string): Promise<unknown>;
  close(): Promise<void>;
}

/** A database of a test's own, or the file of one in SQLite. */
type Place = Pick<FreshDatabase, 'settings' | 'url'> | string;

/** Reads, and leaves nothing open. */
export async function reading<T>(place: Place, work: (reader: WarehouseReader) => Promise<T>): Promise<T> {
  const reader = await readerOf(place);
  try {
    return await work(reader);
  } finally {
    await reader.close();
  }
}

/** Call `close` in the end. */
export async function readerOf(place: Place): Promise<WarehouseReader> {
  if (typeof place === 'string') return sqliteReader(place);
  const { settings, url } = place;
  switch (settings.dialect) {
    case 'sqlite':
      return sqliteReader(settings.file);
    case 'postgresql':
      return postgresReader(url);
    case 'mariadb':
      return mariadbReader(url);
    case 'mssql':
      return mssqlReader(settings);
  }
}

function sqliteReader(file: string): WarehouseReader {
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
  // A server that ends is told of by the query as well.
  client.on('error', () => undefined);
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

async function mariadbReader(url: string): Promise<WarehouseReader> {
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

async function mssqlReader(settings: MssqlSettings): Promise<WarehouseReader> {
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
