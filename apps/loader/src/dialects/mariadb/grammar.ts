import type { MariadbSettings } from '#config';

import type { StoredColumn, StoredTable } from '../../schema/definition.js';
import type { Grammar, NewPart } from '../../schema/grammar.js';
import { ownTypes, typeText } from './own-types.js';
import { columnList, quote } from './quote.js';
import { statementTimeoutClause } from './ready-pool.js';

/** Of one database, whatever its server holds besides. */
const lockName = `concat('et-etl schema ', md5(database()))`;

/** Statements that change tables end the transaction they stand in, so the lock is the connection's. */
export function mariadbGrammar({ statementTimeout }: Pick<MariadbSettings, 'statementTimeout'>): Grammar {
  // The clause has to follow a setting; this one stays as it is.
  const timeout = (seconds: number) =>
    `set session lock_wait_timeout = @@lock_wait_timeout ${statementTimeoutClause(seconds)}`;
  return {
    ...grammar,
    // An index on a table of a customer's may take its time.
    lock: [`select get_lock(${lockName}, 60) as locked`, timeout(0)],
    unlock: [`select release_lock(${lockName})`, timeout(statementTimeout)],
  };
}

const grammar: Omit<Grammar, 'lock' | 'unlock'> = {
  createTable(table) {
    const lines = [
      ...(table.identity ? ['`id` bigint not null auto_increment'] : []),
      ...table.columns.map((column) => columnLine(table, column)),
      `primary key (${columnList(table.primaryKey)})`,
    ];
    const options = 'engine = InnoDB row_format = dynamic default character set = utf8mb4 collate = utf8mb4_bin';
    return `create table if not exists ${quote(table.name)} (\n  ${lines.join(',\n  ')}\n) ${options}`;
  },
  addColumn: (table, { name, type }) =>
    `alter table ${quote(table.name)} add column ${quote(name)} ${typeText(ownTypes[type])}`,
  createIndex: (table, { name, columns }) =>
    `create index ${quote(name)} on ${quote(table.name)} (${columnList(columns)})`,
  createView: (name, select) => [`create or replace view ${quote(name)} as\n${select}`],
  dropKey: (table, { name }) =>
    guarded(
      `select 1 from information_schema.statistics where table_schema = database() and table_name = '${table}' and index_name = ${text(name)}`,
      { there: `alter table ${quote(table)} drop index ${quote(name)}` },
    ),
  quote,
  qualified: quote,
  script: { opening: [], closing: [], guard: guardOf },
  catalog: {
    columns: [
      `select c.table_name as table_name, c.column_name as column_name, c.column_type as type, c.collation_name as collation`,
      `from information_schema.columns c`,
      `join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name`,
      `where c.table_schema = database() and t.table_type <> 'VIEW'`,
      `order by c.table_name, c.ordinal_position`,
    ].join('\n'),
    indexes: [
      `select table_name as table_name, index_name as index_name, column_name as column_name,`,
      `case when index_name = 'PRIMARY' then 'primary' when non_unique = 0 then 'unique' else 'plain' end as kind`,
      `from information_schema.statistics`,
      `where table_schema = database() and column_name is not null and index_type in ('BTREE', 'HASH')`,
      `order by table_name, index_name, seq_in_index`,
    ].join('\n'),
    foreignKeys: [
      `select table_name as table_name, min(column_name) as column_name, min(referenced_table_name) as referenced_table`,
      `from information_schema.key_column_usage`,
      `where table_schema = database() and referenced_table_name is not null`,
      `group by table_name, constraint_name having count(*) = 1 order by table_name, column_name`,
    ].join('\n'),
    views: [
      `select table_name as view_name, '' as column_name`,
      `from information_schema.views where table_schema = database() order by table_name`,
    ].join('\n'),
  },
};

function columnLine({ primaryKey }: StoredTable, { name, type }: StoredColumn): string {
  return `${quote(name)} ${typeText(ownTypes[type])}${primaryKey.includes(name) ? ' not null' : ''}`;
}

function guardOf(part: NewPart, statement: string): readonly string[] {
  const where = `table_schema = database() and table_name = '${part.table.name}'`;
  const query =
    part.kind === 'column'
      ? `select 1 from information_schema.columns where ${where} and column_name = '${part.column.name}'`
      : `select 1 from information_schema.statistics where ${where} and index_name = '${part.index.name}'`;
  return guarded(query, { missing: statement });
}

/** MariaDB alone has `if not exists` for columns and indexes; this either server takes, and its clients. */
function guarded(query: string, { there = 'do 0', missing = 'do 0' }: { there?: string; missing?: string }): string[] {
  return [
    `set @etl_change = if(exists (${query}), ${text(there)}, ${text(missing)})`,
    'prepare etl_change from @etl_change',
    'execute etl_change',
    'deallocate prepare etl_change',
  ];
}

function text(value: string): string {
  return `'${value.replace(/['\\]/g, '$&$&')}'`;
}
