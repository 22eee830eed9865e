import type { StoredColumn, StoredTable } from '../../schema/definition.js';
import type { Grammar } from '../../schema/grammar.js';
import { ownType } from './column-types.js';
import { columnList, literal, quote } from './quote.js';

/** Milliseconds that a replica waits for another that changes the tables. */
const SCHEMA_LOCK_MS = 600_000;

/** Every statement is harmless when run again. Names carry the schema, for a session has no other than its user's. */
export function mssqlGrammar(schema: string): Grammar {
  const qualified = (name: string) => `${quote(schema)}.${quote(name)}`;
  const inSchema = (name: string) => literal(qualified(name));
  const createSchema =
    schema === 'dbo'
      ? []
      : [`if schema_id(${literal(schema)}) is null exec(${literal(`create schema ${quote(schema)}`)})`];
  return {
    createTable(table) {
      const lines = [
        ...(table.identity ? ['[id] bigint identity(1,1) not null'] : []),
        ...table.columns.map((column) => columnLine(table, column)),
        `primary key (${columnList(table.primaryKey)})`,
      ];
      return `if object_id(${inSchema(table.name)}) is null\ncreate table ${qualified(table.name)} (\n  ${lines.join(',\n  ')}\n)`;
    },
    addColumn: (table, column) =>
      `if col_length(${inSchema(table.name)}, ${literal(column.name)}) is null\nalter table ${qualified(table.name)} add ${quote(column.name)} ${ownType(column)} null`,
    createIndex: (table, { name, columns }) =>
      [
        `if not exists (${indexOn(inSchema(table.name), columns)})`,
        `create index ${quote(name)} on ${qualified(table.name)} (${columnList(columns)})`,
      ].join('\n'),
    createView: (name, select) => [
      [
        `declare @${name}_grants nvarchar(max) = N''`,
        `select @${name}_grants = @${name}_grants + ${grantText(qualified(name))} from sys.database_permissions where class = 1 and minor_id = 0 and major_id = object_id(${inSchema(name)})`,
        `if object_id(${inSchema(name)}) is not null drop view ${qualified(name)}`,
        `exec(${literal(`create view ${qualified(name)} as\n${select}`)})`,
        `exec(@${name}_grants)`,
      ].join(';\n'),
    ],
    /** A constraint goes with its index, and an index is none of the table's constraints. */
    dropKey: (table, { name }) => [
      `if object_id(${inSchema(name)}) is not null alter table ${qualified(table)} drop constraint ${quote(name)}`,
      `if exists (select 1 from sys.indexes where name = ${literal(name)} and object_id = object_id(${inSchema(table)})) drop index ${quote(name)} on ${qualified(table)}`,
    ],
    quote,
    qualified,
    lock: [
      [
        'declare @lock int',
        `exec @lock = sp_getapplock N'et-etl schema', N'Exclusive', N'Transaction', ${SCHEMA_LOCK_MS}`,
        'select case when @lock >= 0 then 1 else 0 end as [locked]',
      ].join(';\n'),
      ...createSchema,
    ],
    unlock: [],
    script: { opening: ['set xact_abort on', 'begin transaction', ...createSchema], closing: ['commit transaction'] },
    catalog: {
      columns: columnsOf(schema, 'BASE TABLE', [
        't.TABLE_NAME as [table_name]',
        'c.COLUMN_NAME as [column_name]',
        `${typeText} as [type]`,
        'c.COLLATION_NAME as [collation]',
      ]),
      indexes: [
        `select t.name as [table_name], x.name as [index_name], c.name as [column_name],`,
        `case when x.is_primary_key = 1 then 'primary' when x.is_unique = 1 then 'unique' else 'plain' end as [kind]`,
        `from sys.indexes x join sys.tables t on t.object_id = x.object_id`,
        `join sys.index_columns k on k.object_id = x.object_id and k.index_id = x.index_id and k.key_ordinal > 0`,
        `join sys.columns c on c.object_id = x.object_id and c.column_id = k.column_id`,
        `where t.schema_id = schema_id(${literal(schema)}) and x.has_filter = 0 and x.is_disabled = 0 and x.type in (1, 2)`,
        `order by t.name, x.name, k.key_ordinal`,
      ].join('\n'),
      foreignKeys: [
        `select t.name as [table_name], c.name as [column_name], r.name as [referenced_table]`,
        `from sys.foreign_key_columns k join sys.tables t on t.object_id = k.parent_object_id`,
        `join sys.columns c on c.object_id = k.parent_object_id and c.column_id = k.parent_column_id`,
        `join sys.tables r on r.object_id = k.referenced_object_id`,
        `where t.schema_id = schema_id(${literal(schema)}) and not exists (select 1 from sys.foreign_key_columns o`,
        `where o.constraint_object_id = k.constraint_object_id and o.constraint_column_id <> k.constraint_column_id)`,
        `order by t.name, c.column_id`,
      ].join('\n'),
      views: columnsOf(schema, 'VIEW', ['t.TABLE_NAME as [view_name]', 'c.COLUMN_NAME as [column_name]']),
    },
  };
}

/** Finds an index that begins with these columns, whatever its name. */
function indexOn(table: string, columns: readonly string[]): string {
  const parts = columns.map(
    (column, place) => `key_ordinal = ${place + 1} and col_name(object_id, column_id) = ${literal(column)}`,
  );
  return `select 1 from sys.index_columns where object_id = object_id(${table}) and (${parts.join(' or ')}) group by index_id having count(*) = ${columns.length}`;
}

/**
 * A row of sys.database_permissions as the statement that grants it anew. Not all servers of this protocol alter views,
 * so a view is dropped and made anew, and would lose what was granted on it.
 */
function grantText(view: string): string {
  return [
    `replace(state_desc collate database_default, N'_WITH_GRANT_OPTION', N'')`,
    `N' ' + permission_name collate database_default`,
    `${literal(` on ${view} to `)} + quotename(user_name(grantee_principal_id))`,
    `case state collate database_default when N'W' then N' with grant option;' else N';' end`,
  ].join(' + ');
}

/** A type as a definition says it. */
const typeText = [
  `c.DATA_TYPE + case`,
  `when c.DATA_TYPE in ('nvarchar', 'varchar', 'nchar', 'char', 'varbinary', 'binary') then '(' + case when c.CHARACTER_MAXIMUM_LENGTH = -1 then 'max' else cast(c.CHARACTER_MAXIMUM_LENGTH as varchar(10)) end + ')'`,
  `when c.DATA_TYPE = 'datetime2' then '(' + cast(c.DATETIME_PRECISION as varchar(10)) + ')'`,
  `when c.DATA_TYPE = 'float' then '(' + cast(c.NUMERIC_PRECISION as varchar(10)) + ')'`,
  `when c.DATA_TYPE in ('decimal', 'numeric') then '(' + cast(c.NUMERIC_PRECISION as varchar(10)) + ', ' + cast(c.NUMERIC_SCALE as varchar(10)) + ')'`,
  `else '' end`,
].join(' ');

function columnsOf(schema: string, kind: 'BASE TABLE' | 'VIEW', selected: readonly string[]): string {
  return [
    `select ${selected.join(', ')}`,
    `from INFORMATION_SCHEMA.TABLES t join INFORMATION_SCHEMA.COLUMNS c`,
    `on c.TABLE_SCHEMA = t.TABLE_SCHEMA and c.TABLE_NAME = t.TABLE_NAME`,
    `where t.TABLE_SCHEMA = ${literal(schema)} and t.TABLE_TYPE = '${kind}'`,
    `order by t.TABLE_NAME, c.ORDINAL_POSITION`,
  ].join('\n');
}

function columnLine({ primaryKey }: StoredTable, column: StoredColumn): string {
  return `${quote(column.name)} ${ownType(column)} ${primaryKey.includes(column.name) ? 'not null' : 'null'}`;
}
