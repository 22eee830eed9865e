import type { StoredColumn, StoredTable } from '../../schema/definition.js';
import type { Grammar } from '../../schema/grammar.js';
import { columnList, quote } from '../quote.js';

export const columnTypes: Record<StoredColumn['type'], string> = {
  int: 'integer',
  bigint: 'integer',
  float: 'real',
  bool: 'integer',
  text: 'text',
  key: 'text',
  datetime: 'text',
  json: 'text',
  uuid: 'text',
  bytes: 'blob',
};

/**
 * Strict tables refuse text where a number belongs, as every other dialect does. Tables that are little more than a key
 * of several columns are kept in its order, which saves a second tree. Wider ones are not: rows that came together lie
 * together, and re-reading 500 unchanged sessions rewrites 40 pages of `etl_versions` instead of 510 (measured).
 */
export const sqliteGrammar: Grammar = {
  createTable(table) {
    const lines = [
      ...(table.identity ? ['"id" integer primary key'] : []),
      ...table.columns.map((column) => columnLine(table, column)),
      ...(table.identity ? [] : [`primary key (${columnList(table.primaryKey)})`]),
    ];
    return `create table if not exists ${quote(table.name)} (\n  ${lines.join(',\n  ')}\n) strict${isNarrow(table) ? ', without rowid' : ''}`;
  },
  addColumn: (table, column) =>
    `alter table ${quote(table.name)} add column ${quote(column.name)} ${columnTypes[column.type]}`,
  createIndex: (table, { name, columns }) =>
    `create index if not exists ${quote(name)} on ${quote(table.name)} (${columnList(columns)})`,
  createView: (name, select) => [`drop view if exists ${quote(name)}`, `create view ${quote(name)} as\n${select}`],
  /** Indexes that stand for a constraint have names of SQLite's own, and stay as long as their table. */
  dropKey: (_table, { name }) => (name.startsWith('sqlite_autoindex_') ? [] : [`drop index if exists ${quote(name)}`]),
  quote,
  qualified: quote,
  lock: [],
  unlock: [],
  script: {
    opening: ['begin'],
    closing: ['commit'],
    caution: 'SQLite cannot add a column "if not exists": run this once, and make the plan anew for what comes later.',
  },
  catalog: {
    columns: `select t.name as table_name, c.name as column_name, c.type as type, null as collation from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table' order by t.name, c.cid`,
    indexes: [
      `select t.name as table_name, i.name as index_name, c.name as column_name,`,
      `case when i.origin = 'pk' then 'primary' when i."unique" then 'unique' else 'plain' end as kind`,
      `from sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) c`,
      `where t.type = 'table' and not i.partial order by i.name, c.seqno`,
    ].join('\n'),
    foreignKeys: [
      `select t.name as table_name, f."from" as column_name, f."table" as referenced_table`,
      `from sqlite_master t, pragma_foreign_key_list(t.name) f where t.type = 'table'`,
      `and (select count(*) from pragma_foreign_key_list(t.name) p where p.id = f.id) = 1 order by t.name, f.id`,
    ].join('\n'),
    views: `select name as view_name, '' as column_name from sqlite_master where type = 'view' order by name`,
  },
};

function isNarrow({ primaryKey, columns }: StoredTable): boolean {
  const most = 3 * primaryKey.length;
  return primaryKey.length > 1 && columns.length <= most && columns.every(({ type }) => type !== 'bytes');
}

function columnLine({ primaryKey }: StoredTable, { name, type }: StoredColumn): string {
  return `${quote(name)} ${columnTypes[type]}${primaryKey.includes(name) ? ' not null' : ''}`;
}
