import type { SetTarget, Target } from '../../merge/row-writer.js';
import type { FittedColumn, FittedSet, FittedTarget } from './fitted.js';
import { typeText } from './own-types.js';
import { columnList, quote } from './quote.js';

/** Rows that are compared with stored ones stand here first, in the types of the table they are for. */
const stage = quote('etl_stage');
const own = ['_etl_synced_at', '_etl_run_id'];
const ownAssignments = own.map((name) => `${quote(name)} = ?`);

/** Rows (`values ?`), each followed by the own columns' values where it is stamped. */
export function insert({ table, columns }: Target, stamped: boolean): string {
  return `insert into ${quote(table)} (${columnList(written(columns, stamped))}) values ?`;
}

/** Rows. Those that are there stay as they are and are locked; each row inserted counts 1, any other 0. */
export function insertMissing(target: Target): string {
  const [first = ''] = target.key;
  return `${insert(target, false)}\non duplicate key update ${quote(first)} = ${quote(target.table)}.${quote(first)}`;
}

/** Keys. */
export function storedKeys({ table, key }: Target): string {
  return `select ${columnList(key)} from ${quote(table)} where ${keyIn(key)}`;
}

/** Keys. */
export function lock({ table, columns, key }: Target): string {
  return [
    `select ${columnList(names(columns))} from ${quote(table)} where ${keyIn(key)}`,
    `order by ${columnList(key)} for update`,
  ].join('\n');
}

/** Keys. */
export function anyOf({ table, key }: Target): string {
  return `select 1 as found from ${quote(table)} where ${keyIn(key)} limit 1`;
}

/** Owners. */
export function anyInSets(target: FittedSet): string {
  return `select 1 as found from ${stored(target)} where ${ofOwners(target)} limit 1`;
}

/**
 * Filled by `fillStage`, of equal keys as the table compares them it keeps the last; keys with nulls never equal. The
 * keys of sets may be null, so these rows are numbered: some servers take no table without a primary key.
 */
export function createStage(target: FittedTarget): string {
  const { columns, key } = target;
  const inKey = columns.filter(({ name }) => key.includes(name));
  const indexed = inKey.filter(({ found: { type } }) => !/text|blob|json/.test(type));
  const index = `(${columnList(names(indexed))})`;
  const lines = [
    ...columns.map(({ name, found }) => `${quote(name)} ${typeText(found)}`),
    ...(isSet(target)
      ? [
          '`etl_place` int auto_increment primary key',
          `${indexed.length === inKey.length ? 'unique key' : 'key'} ${index}`,
        ]
      : [`primary key ${index}`]),
  ];
  return `create temporary table ${stage} (\n  ${lines.join(',\n  ')}\n) engine = InnoDB`;
}

/** Rows. */
export function fillStage({ columns }: Target): string {
  return `replace into ${stage} (${columnList(names(columns))}) values ?`;
}

export const dropStage = `drop temporary table if exists ${stage}`;

/** The own columns' values, where it is stamped. Nothing to do where all columns are key and no text. */
export function updateChanged(target: FittedTarget, stamped: boolean): string | undefined {
  const { columns, key } = target;
  // A key may be spelt anew where its collation leaves case out.
  const changeable = columns.filter((column) => !key.includes(column.name) || (isSet(target) && isText(column)));
  if (changeable.length === 0) return undefined;
  const same = changeable.map((column) => `${compared('t', column)} <=> ${compared('s', column)}`).join(' and ');
  return update(target, names(changeable), stamped, `not (${same})`);
}

export function updateGreater(target: Target, column: string): string {
  const others = names(target.columns).filter((name) => !target.key.includes(name));
  return update(target, others, false, `s.${quote(column)} < t.${quote(column)}`);
}

/** The own columns' values, where it is stamped. Roots go in in the order of their keys. */
export function insertOthers(target: Target, stamped: boolean): string {
  const { table, columns, key } = target;
  const found = quote(isSet(target) ? target.owner.name : (key[0] ?? ''));
  return [
    `insert into ${quote(table)} (${columnList(written(columns, stamped))})`,
    `select ${columnList(names(columns), 's')}${stamped ? ', ?, ?' : ''}`,
    `from ${stage} s left join ${stored(target)} on ${sameKey(target)}`,
    `where t.${found} is null${isSet(target) ? '' : ` order by ${columnList(key, 's')}`}`,
  ].join('\n');
}

/** Owners. */
export function deleteGone(target: FittedSet): string {
  return [
    `delete t from ${stored(target)} left join ${stage} s on ${sameKey(target)}`,
    `where ${ofOwners(target)} and s.${quote(target.owner.name)} is null`,
  ].join('\n');
}

/** Owners. Of rows that stand twice the first stays. */
export function deleteRepeated(target: FittedSet): string {
  return [
    `delete t from ${stored(target)} straight_join ${stored(target, 's')} on ${sameKey(target)} and s.\`id\` < t.\`id\``,
    `where ${ofOwners(target)}`,
  ].join('\n');
}

/** Owners. */
export function deleteSets(target: FittedSet): string {
  return `delete t from ${stored(target)} where ${ofOwners(target)}`;
}

/** The own columns' values, owners. */
export function blank(target: FittedSet, columns: readonly string[]): string {
  const change = [...columns.map((name) => `t.${quote(name)} = null`), ...own.map((name) => `t.${quote(name)} = ?`)];
  return [
    `update ${stored(target)} set ${change.join(', ')}`,
    `where ${ofOwners(target)} and (${columns.map((name) => `t.${quote(name)} is not null`).join(' or ')})`,
  ].join('\n');
}

/** Owners, then ids to keep where there are any. */
export function deleteOthers({ table, owner }: SetTarget, keeps: boolean): string {
  return `delete from ${quote(table)} where ${quote(owner.name)} in (?)${keeps ? ' and `id` not in (?)' : ''}`;
}

/** The time, the own columns' values, owners, then ids to keep where there are any. */
export function markOthers({ table, owner }: SetTarget, keeps: boolean): string {
  return [
    `update ${quote(table)} set \`_etl_deleted_at\` = ?, ${ownAssignments.join(', ')}`,
    `where ${quote(owner.name)} in (?)${keeps ? ' and `id` not in (?)' : ''} and \`_etl_deleted_at\` is null`,
  ].join('\n');
}

/** Entity, ids. */
export function owners({ table, owner }: SetTarget): string {
  return [
    `select cast(t.\`id\` as char) as id, v.\`key\` as owner, v.\`root_version\` as version from ${quote(table)} t`,
    `join \`etl_versions\` v on v.\`entity\` = ? and v.\`key\` = cast(t.${quote(owner.name)} as char)`,
    'where t.`id` in (?) and t.`_etl_deleted_at` is null',
  ].join('\n');
}

/** The time where it is set, the own columns' values, ids. */
export function mark({ table }: Target, deleted: boolean): string {
  return [
    `update ${quote(table)} set \`_etl_deleted_at\` = ${deleted ? '?' : 'null'}, ${ownAssignments.join(', ')}`,
    `where \`id\` in (?) and \`_etl_deleted_at\` is ${deleted ? '' : 'not '}null`,
  ].join('\n');
}

function update(target: Target, changed: readonly string[], stamped: boolean, where: string): string {
  const assignments = changed.map((name) => `t.${quote(name)} = s.${quote(name)}`);
  const ownValues = stamped ? own.map((name) => `t.${quote(name)} = ?`) : [];
  return [
    `update ${stage} s straight_join ${stored(target)} on ${sameKey(target)}`,
    `set ${[...assignments, ...ownValues].join(', ')}`,
    `where ${where}`,
  ].join('\n');
}

/** Texts byte by byte: by any collation that both servers have, texts that end in blanks equal those that do not. */
function compared(alias: string, column: FittedColumn): string {
  const cell = `${alias}.${quote(column.name)}`;
  return isText(column) ? `cast(${cell} as binary)` : cell;
}

/** UUIDs are none, however they are spelt. */
function isText({ type, found }: FittedColumn): boolean {
  return found.collation !== null && type !== 'uuid';
}

/** Of a set null-safe, except for the owner, by whose index rows are found. */
function sameKey(target: Target): string {
  const never = isSet(target) ? [target.owner.name] : target.key;
  const names = [...never, ...target.key.filter((name) => !never.includes(name))];
  return names.map((name) => `t.${quote(name)} ${never.includes(name) ? '=' : '<=>'} s.${quote(name)}`).join(' and ');
}

/** The table that rows are for; of a set with the index by which its rows are found. */
function stored(target: Target | FittedSet, alias = 't'): string {
  const hint = 'index' in target && target.index !== undefined ? ` force index (${quote(target.index)})` : '';
  return `${quote(target.table)} ${alias}${hint}`;
}

function ofOwners({ owner }: SetTarget): string {
  return `t.${quote(owner.name)} in (?)`;
}

function isSet(target: Target): target is SetTarget {
  return 'owner' in target;
}

function keyIn(key: readonly string[]): string {
  return key.length === 1 ? `${columnList(key)} in (?)` : `(${columnList(key)}) in (?)`;
}

function written(columns: Target['columns'], stamped: boolean): string[] {
  return [...names(columns), ...(stamped ? own : [])];
}

function names(columns: Target['columns']): string[] {
  return columns.map(({ name }) => name);
}
