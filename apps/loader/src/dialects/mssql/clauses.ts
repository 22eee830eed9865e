import type { FittedColumn, FittedSet } from './fitted.js';
import { columnList, quote } from './quote.js';

/** Null-safe: a set operation takes nulls as equal. */
export function differ(columns: readonly FittedColumn[]): string {
  const side = (alias: string) => columns.map(({ name, compared }) => compared(`${alias}.${quote(name)}`)).join(', ');
  return `exists (select ${side('t')} except select ${side('i')})`;
}

/** Null-safe, except for the owner, by whose index rows are found. */
export function sameKey(key: readonly string[], owner: string): string {
  const rest = key.filter((name) => name !== owner);
  const nullSafe = `exists (select ${columnList(rest, 't')} intersect select ${columnList(rest, 'i')})`;
  return [equal('t', 'i', [owner]), ...(rest.length > 0 ? [nullSafe] : [])].join(' and ');
}

export function equal(one: string, other: string, key: readonly string[]): string {
  return key.map((name) => `${one}.${quote(name)} = ${other}.${quote(name)}`).join(' and ');
}

/** The table, found by the owners in a parameter. */
export function ofOwners({ name, seek, owner }: FittedSet, owners: number): string {
  return `${name} t${seek} join (${list(owners, owner)}) o on o.${quote('value')} = t.${quote(owner.name)}`;
}

/** Rows of the owners in one parameter whose id is not in the other. */
export function others({ columns, owner }: FittedSet, owners: number, keep: number): string {
  return [
    `${quote(owner.name)} in (${list(owners, owner)})`,
    `and [id] not in (${list(keep, columnOf(columns, 'id'))})`,
  ].join('\n');
}

/** Ids and keys, which hold nothing that JSON would escape. */
export function list(parameter: number, column: FittedColumn): string {
  const { type, collated } = typeOf(column);
  return `select cast([value] as ${type})${collated} as [value] from openjson(@${parameter})`;
}

export function typeOf({ stored }: FittedColumn): { type: string; collated: string } {
  const [type = '', collation] = stored.split(' collate ');
  return { type, collated: collation ? ` collate ${collation}` : '' };
}

export function columnOf(columns: readonly FittedColumn[], name: string): FittedColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

export function names(columns: readonly { readonly name: string }[]): string[] {
  return columns.map(({ name }) => name);
}
