import type { StoredColumn, StoredTable } from '../../schema/definition.js';
import type { Grammar } from '../../schema/grammar.js';
import { columnList, quote } from '../quote.js';

const columnTypes: Record<StoredColumn['type'], string> = {
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
 * Strict tables refuse text where a number belongs, as every other dialect does. Narrow tables under keys of several
 * columns are kept in the order of their key, which saves a second tree.
 */
export const sqliteGrammar: Grammar = {
  createTable(table) {
    const lines = [
      ...(table.identity ? ['"id" integer primary key'] : []),
      ...table.columns.map((column) => columnLine(table, column)),
      ...(table.identity ? [] : [`primary key (${columnList(table.primaryKey)})`]),
    ];
    const narrow = table.primaryKey.length > 1 && table.columns.every(({ type }) => type !== 'bytes');
    return `create table ${quote(table.name)} (\n  ${lines.join(',\n  ')}\n) strict${narrow ? ', without rowid' : ''}`;
  },
  addColumn: (table, column) =>
    `alter table ${quote(table.name)} add column ${quote(column.name)} ${columnTypes[column.type]}`,
  createIndex: (table, { name, columns }) =>
    `create index ${quote(name)} on ${quote(table.name)} (${columnList(columns)})`,
  lock: [],
  columns: `select t.name as table_name, c.name as column_name from sqlite_master t, pragma_table_info(t.name) c where t.type = 'table'`,
  indexes: `select name as index_name from sqlite_master where type = 'index'`,
};

function columnLine({ primaryKey }: StoredTable, { name, type }: StoredColumn): string {
  return `${quote(name)} ${columnTypes[type]}${primaryKey.includes(name) ? ' not null' : ''}`;
}
