import { ownColumnsOf, tables, type Column, type ColumnType, type Table } from '#contracts';

import { ownTypes as mariadbTypes, typeText } from '../dialects/mariadb/own-types.js';
import { ownType } from '../dialects/mssql/column-types.js';
import { columnTypes as postgresTypes } from '../dialects/postgresql/grammar.js';
import { columnTypes as sqliteTypes } from '../dialects/sqlite/grammar.js';
import { storedTables } from './definition.js';
import { views } from './views.js';

const typesOf: Readonly<Record<string, (type: ColumnType) => string>> = {
  'SQL Server': (type) => ownType({ name: '', type }),
  PostgreSQL: (type) => postgresTypes[type],
  'MariaDB, MySQL': (type) => typeText(mariadbTypes[type]),
  SQLite: (type) => sqliteTypes[type],
};

/** ET's answers, by the document or the dictionary that a table's rows come from. */
const answers: Readonly<Record<string, string>> = {
  session: '/sessions',
  scores: '/sessions/{id}/scores',
  summary: '/sessions/{id}/summary',
  comments: '/sessions/{id}/comments',
  transcripts: '/sessions/{id}/transcripts',
  groups: '/agent-groups',
};

/** What docs/warehouse.md says of the specification, by the name of the block that holds it. */
const blocks: Readonly<Record<string, () => string>> = {
  views: () => views.map(viewSection).join('\n\n'),
  diagram: diagrams,
  tables: () => tables.map(tableSection).join('\n\n'),
  'own columns': ownColumns,
  types: typeTable,
  grants: grants,
};

/**
 * The page with its generated blocks as the specification wants them: what stands between `<!-- views -->` and
 * `<!-- end -->`, and so on. Throws where a block is missing.
 */
export function rewritePage(page: string): string {
  return Object.entries(blocks).reduce((text, [name, write]) => {
    const block = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- end -->)`);
    if (!block.test(text)) throw new Error(`docs/warehouse.md has no block ${name}`);
    return text.replace(block, (_, begin: string, end: string) => `${begin}\n${write()}\n\n${end}`);
  }, page);
}

function viewSection({ name, meaning, columns }: (typeof views)[number]): string {
  return [
    `### ${name}`,
    '',
    `${meaning}.`,
    '',
    ...grid(
      ['column', 'meaning'],
      columns.map((column) => [code(column.name), column.meaning]),
    ),
  ].join('\n');
}

function tableSection(table: Table): string {
  const { name, meaning, identity, key, columns } = table;
  const indexes = storedTables.find((stored) => stored.name === name)?.indexes ?? [];
  const made = identity ? [['`id`', 'int', "The row's number, of the database's making", '', '']] : [];
  const rows = columns.map((column) => [
    code(column.name),
    column.type,
    column.meaning,
    column.source === '' ? '' : code(column.source),
    column.references ? `[${column.references}](#${column.references})` : '',
  ]);
  return [
    `### ${name}`,
    '',
    `${meaning}. From ${code(answerOf(table))}. ${identity ? 'One row for each' : 'Primary key'} ${list(key)}.`,
    ...(indexes.length === 0
      ? []
      : [`Indexes: ${indexes.map((index) => `(${index.columns.join(', ')})`).join(', ')}.`]),
    '',
    ...grid(['column', 'type', 'meaning', 'field of ET', 'refers to'], [...made, ...rows]),
  ].join('\n');
}

function answerOf({ entity, document }: Table): string {
  return answers[document === 'item' ? entity : document] ?? `/${entity}`;
}

function ownColumns(): string {
  const named = (column: Column) =>
    tables.filter((table) => ownColumnsOf(table).some(({ name }) => name === column.name));
  const own = new Map(tables.flatMap(ownColumnsOf).map((column) => [column.name, column]));
  const where = (column: Column) => {
    const holders = named(column);
    return holders.length === tables.length ? 'all tables' : list(holders.map(({ name }) => name));
  };
  const rows = [...own.values()].map((column) => [code(column.name), column.type, column.meaning, where(column)]);
  return grid(['column', 'type', 'meaning', 'in'], rows).join('\n');
}

function typeTable(): string {
  const dialects = Object.entries(typesOf);
  const used = new Set(tables.flatMap(({ columns }) => columns.map(({ type }) => type)));
  const rows = [...used].map((type) => [type, ...dialects.map(([, types]) => code(types(type)))]);
  return grid(['type', ...dialects.map(([title]) => title)], rows).join('\n');
}

/** Two pictures: conversations with what they name, and dictionaries among themselves. */
function diagrams(): string {
  const conversations = tables.filter(({ entity }) => entity === 'session');
  const dictionaries = tables.filter(({ entity }) => entity !== 'session');
  return [conversations, dictionaries].map(diagram).join('\n\n');
}

function diagram(shown: readonly Table[]): string {
  const lines = shown.flatMap((table) => [
    ...table.columns.flatMap(({ name, references }) =>
      references ? [`${references} ${name === table.owner ? '||' : '|o'}--o{ ${table.name} : ${name}`] : [],
    ),
    `${table.name} {`,
    ...keysOf(table).map((line) => `  ${line}`),
    '}',
  ]);
  return ['```mermaid', 'erDiagram', ...lines.map((line) => `  ${line}`), '```'].join('\n');
}

function keysOf({ identity, key, columns }: Table): string[] {
  const shown = columns.filter(({ name, references }) => key.includes(name) || references !== undefined);
  const marks = ({ name, references }: Column) =>
    [...(!identity && key.includes(name) ? ['PK'] : []), ...(references ? ['FK'] : [])].join(', ');
  return [
    ...(identity ? ['int id PK'] : []),
    ...shown.map((column) => `${column.type} ${column.name} ${marks(column)}`.trimEnd()),
  ];
}

function grants(): string {
  const granted = [...views, ...tables].map(({ name }) => `grant select on dbo.${name} to et_bi;`);
  const denied = storedTables
    .filter(({ name }) => name.startsWith('etl_'))
    .map(({ name }) => `deny select on dbo.${name} to et_bi;`);
  return [
    '```sql',
    'create role et_bi;',
    ...granted,
    '-- The ledger holds raw forms of rejected records; this counts for members of db_datareader too.',
    ...denied,
    'alter role et_bi add member [DOMAIN\\power-bi];',
    '```',
  ].join('\n');
}

function grid(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)];
}

function code(text: string): string {
  return `\`${text}\``;
}

function list(names: readonly string[]): string {
  return names.map(code).join(', ');
}
