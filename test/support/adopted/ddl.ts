import { adoptedTables, type AdoptedTable, type AdoptedType } from './tables.js';

export type AdoptedDialect = 'sqlite' | 'postgresql' | 'mariadb' | 'mssql';

/** What SQLAlchemy made of the original's types. A server sets an end to the texts that may be part of a key. */
const types: Record<AdoptedDialect, Record<AdoptedType, string>> = {
  sqlite: {
    identity: 'INTEGER NOT NULL PRIMARY KEY',
    id: 'INTEGER NOT NULL PRIMARY KEY',
    'uuid id': 'CHAR(32) NOT NULL PRIMARY KEY',
    uuid: 'CHAR(32)',
    int: 'INTEGER',
    bool: 'BOOLEAN',
    float: 'FLOAT',
    datetime: 'DATETIME',
    text: 'VARCHAR',
    short: 'VARCHAR(255)',
    summary: 'VARCHAR(10000)',
    json: 'JSON',
  },
  postgresql: {
    identity: 'serial primary key',
    id: 'serial primary key',
    'uuid id': 'uuid primary key',
    uuid: 'uuid',
    int: 'integer',
    bool: 'boolean',
    float: 'double precision',
    datetime: 'timestamp',
    text: 'varchar',
    short: 'varchar(255)',
    summary: 'varchar(10000)',
    json: 'json',
  },
  mariadb: {
    identity: 'int not null auto_increment primary key',
    id: 'int not null auto_increment primary key',
    'uuid id': 'char(32) not null primary key',
    uuid: 'char(32)',
    int: 'int',
    bool: 'bool',
    float: 'float',
    datetime: 'datetime',
    text: 'text',
    short: 'varchar(255)',
    summary: 'varchar(700)',
    json: 'json',
  },
  mssql: {
    identity: 'int not null identity primary key',
    id: 'int not null primary key',
    'uuid id': 'uniqueidentifier not null primary key',
    uuid: 'uniqueidentifier',
    int: 'int',
    bool: 'bit',
    float: 'float',
    datetime: 'datetime',
    text: 'nvarchar(max)',
    short: 'nvarchar(255)',
    summary: 'nvarchar(800)',
    json: 'nvarchar(max)',
  },
};

/** The statements that made an adopted database. */
export function adoptedSchema(dialect: AdoptedDialect): string[] {
  return adoptedTables.map((table) => createTable(dialect, table));
}

/** What the customer added: a column of a table, and a table that points to another. */
export function customerSchema(dialect: AdoptedDialect): string[] {
  const { int, short } = types[dialect];
  const key = `foreign key (agent_id) references ${quoted(dialect, 'agents')} (id)`;
  return [
    `alter table sessions add of_the_customer ${short}`,
    `update sessions set of_the_customer = ${literal(dialect, 'short', 'Їхнє')}`,
    `create table customers_own (id ${int} not null primary key, agent_id ${int}, note ${short}, ${key})`,
    `insert into customers_own (id, agent_id, note) values (1, 5, ${literal(dialect, 'short', 'their own')})`,
  ];
}

export function quoted(dialect: AdoptedDialect, name: string): string {
  return dialect === 'mariadb' ? `\`${name}\`` : `"${name}"`;
}

/** A value as SQLAlchemy wrote it, in the text of a statement: these are the tests' own. */
export function literal(dialect: AdoptedDialect, type: AdoptedType, value: string | number | boolean | null): string {
  if (typeof value === 'boolean') return dialect === 'postgresql' ? String(value) : String(Number(value));
  if (typeof value !== 'string') return String(value);
  return `${dialect === 'mssql' ? 'N' : ''}'${written(dialect, type, value).replaceAll("'", "''")}'`;
}

/** Date-times are given to the millisecond. */
function written(dialect: AdoptedDialect, type: AdoptedType, value: string): string {
  const bare = types[dialect].uuid.endsWith('(32)');
  if ((type === 'uuid' || type === 'uuid id') && bare) return value.replaceAll('-', '');
  if (type === 'datetime' && dialect === 'sqlite') return `${value}000`;
  if (type === 'datetime' && dialect === 'mssql') return value.replace(' ', 'T');
  return value;
}

function createTable(dialect: AdoptedDialect, { name, columns, unique }: AdoptedTable): string {
  const list = (names: readonly string[]) => names.map((one) => quoted(dialect, one)).join(', ');
  const lines = [
    ...columns.map((column) => `${quoted(dialect, column.name)} ${types[dialect][column.type]}`),
    ...(unique.length > 0 ? [`constraint ${quoted(dialect, `uq_${name}`)} unique (${list(unique)})`] : []),
    ...columns.flatMap(({ name: column, references }) =>
      references
        ? [
            `constraint ${quoted(dialect, `fk_${name}_${column}`)} foreign key (${list([column])})` +
              ` references ${quoted(dialect, references)} (${list(['id'])})`,
          ]
        : [],
    ),
  ];
  return `create table ${quoted(dialect, name)} (\n  ${lines.join(',\n  ')}\n)`;
}
