import { tables, type Row, type RowBatch, type Table } from '#contracts';

/** The tables of conversations, parents first. */
export const sessionTables: readonly Table[] = tables.filter(({ entity }) => entity === 'session');

export interface ToldRows {
  readonly table: Table;
  readonly rows: readonly Row[];
  /** Sessions that are told about: their rows of the table are to be these. */
  readonly owners: readonly string[];
}

/** What batches tell, table by table. */
export function toldRows(batches: readonly RowBatch[]): ToldRows[] {
  const answers = batches.flatMap(({ answered }) => answered);
  return sessionTables.flatMap((table) => {
    const told = answers.flatMap(({ key, documents }) =>
      documents.flatMap(({ rows }) => (rows[table.name] ? [{ key, rows: rows[table.name] ?? [] }] : [])),
    );
    if (told.length === 0) return [];
    return [{ table, rows: told.flatMap(({ rows }) => rows), owners: told.map(({ key }) => key) }];
  });
}

/** Rows as COPY and LOAD DATA take them. */
export function tabSeparated(
  columns: readonly { readonly name: string }[],
  rows: readonly Row[],
  bool: BoolTexts,
): string {
  const names = columns.map(({ name }) => name);
  let text = '';
  for (const row of rows) {
    let separator = '';
    for (const name of names) {
      text += separator + cell(row[name], bool);
      separator = '\t';
    }
    text += '\n';
  }
  return text;
}

type BoolTexts = readonly [no: string, yes: string];

function cell(value: Row[string] | undefined, bool: BoolTexts): string | number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return bool[value ? 1 : 0];
  if (value === null || value === undefined) return '\\N';
  return special.test(value) ? value.replaceAll(specials, (character) => `\\${escapes[character]}`) : value;
}

const special = /[\\\t\n\r]/;
const specials = /[\\\t\n\r]/g;
const escapes: Readonly<Record<string, string>> = { '\\': '\\', '\t': 't', '\n': 'n', '\r': 'r' };
