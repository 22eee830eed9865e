import { columnList, quote } from '../quote.js';
import type { FittedColumn, FittedSet, FittedTarget } from './fitted.js';

const own = ['_etl_synced_at', '_etl_run_id'];
/** The own columns' values follow the rows, which are `$1`: one JSON parameter that each statement unfolds once. */
const ownValues = '$2::timestamp, $3::text';

export function insertMissing({ table, columns, key }: FittedTarget): string {
  return [
    `insert into ${quote(table)} (${columnList(names(columns))})`,
    `select ${values(columns)} from ${unfold(columns)}`,
    `order by ${columnList(key, 'i')}`,
    `on conflict do nothing returning ${columnList(key)}`,
  ].join('\n');
}

export function lock({ table, columns, key }: FittedTarget): string {
  const keys = columns.filter(({ name }) => key.includes(name));
  return [
    `select ${columnList(names(columns), 't')} from ${unfold(keys)}`,
    `join ${quote(table)} t on ${key.map((name) => `t.${quote(name)} = i.${quote(name)}`).join(' and ')}`,
    `order by ${columnList(key, 't')} for update of t`,
  ].join('\n');
}

export function upsert({ table, columns, key }: FittedTarget, stamped: boolean): string {
  const others = columns.filter(({ name }) => !key.includes(name));
  const written = stamped ? [...names(others), ...own] : names(others);
  const change = `do update set ${written.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`;
  return [
    `insert into ${quote(table)} as t (${columnList([...names(columns), ...(stamped ? own : [])])})`,
    `select ${values(columns)}${stamped ? `, ${ownValues}` : ''} from ${unfold(columns)}`,
    `order by ${columnList(key, 'i')}`,
    `on conflict (${columnList(key)}) ${others.length > 0 ? `${change}\nwhere ${differs(others, 'excluded')}` : 'do nothing'}`,
  ].join('\n');
}

export function keepLeast({ table, columns, key }: FittedTarget, column: string): string {
  const others = names(columns).filter((name) => !key.includes(name));
  return [
    `insert into ${quote(table)} as t (${columnList(names(columns))})`,
    `select ${values(columns)} from ${unfold(columns)}`,
    `order by ${columnList(key, 'i')}`,
    `on conflict (${columnList(key)}) do update set ${others.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`,
    `where excluded.${quote(column)} < t.${quote(column)}`,
  ].join('\n');
}

/** The owners are `$4`. A statement of its own for each table: its snapshot is younger than the locks. */
export function replaceSets({ table, columns, key, owner, repeats }: FittedSet): string {
  const others = columns.filter(({ name }) => !key.includes(name));
  const same = sameKey(key, owner.name, 'i');
  const assignments = [...others.map(({ name }) => `${quote(name)} = i.${quote(name)}`), ...ownAssignments];
  const repeated = `exists (select 1 from ${quote(table)} o where ${sameKey(key, owner.name, 'o')} and o."id" < t."id")`;
  const gone = `not exists (select 1 from i where ${same})`;
  const changed = [
    `changed as (update ${quote(table)} t set ${assignments.join(', ')} from i`,
    `  where ${same} and ${differs(others, 'i')} returning 1)`,
  ];
  const steps = ['gone', ...(others.length > 0 ? ['changed'] : []), 'added'];
  return [
    `with i as materialized (${distinctValues(columns, key)}),`,
    `gone as (delete from ${quote(table)} t where t.${quote(owner.name)} in (${list(4, owner)})`,
    `  and ${repeats ? `(${gone} or ${repeated})` : gone} returning 1),`,
    ...(others.length > 0 ? [changed.join('\n') + ','] : []),
    `added as (insert into ${quote(table)} (${columnList([...names(columns), ...own])})`,
    `  select ${columnList(names(columns), 'i')}, ${ownValues} from i`,
    `  where not exists (select 1 from ${quote(table)} t where ${same}) returning 1)`,
    `select ${steps.map((step) => `(select count(*) from ${step})`).join(' + ')} as written`,
  ].join('\n');
}

/** Owners `$1`. */
export function deleteSets({ table, owner }: FittedSet): string {
  return `delete from ${quote(table)} where ${quote(owner.name)} in (${list(1, owner)})`;
}

/** Owners `$1`; the own columns' values are `$2` and `$3`. */
export function blank({ table, owner }: FittedSet, columns: readonly string[]): string {
  const change = [...columns.map((name) => `${quote(name)} = null`), ...ownAssignments];
  return [
    `update ${quote(table)} set ${change.join(', ')}`,
    `where ${quote(owner.name)} in (${list(1, owner)}) and (${columns.map((name) => `${quote(name)} is not null`).join(' or ')})`,
  ].join('\n');
}

/** Owners `$1`, ids to keep `$2`. */
export function deleteOthers(target: FittedSet): string {
  return `delete from ${quote(target.table)} where ${others(target, 1, 2)}`;
}

/** Owners `$1`, ids to keep `$4`; the own columns' values are `$2` and `$3`. */
export function markOthers(target: FittedSet): string {
  return [
    `update ${quote(target.table)} set "_etl_deleted_at" = $2::timestamp, ${ownAssignments.join(', ')}`,
    `where ${others(target, 1, 4)} and "_etl_deleted_at" is null`,
  ].join('\n');
}

/** Ids `$1`, entity `$2`. */
export function owners({ table, columns, owner }: FittedSet): string {
  return [
    `select t."id"::text as id, v."key" as owner, v."root_version" as version from ${quote(table)} t`,
    `join "etl_versions" v on v."entity" = $2 and v."key" = t.${quote(owner.name)}::text`,
    `where t."id" in (${list(1, columnOf(columns, 'id'))}) and t."_etl_deleted_at" is null`,
  ].join('\n');
}

/** Ids `$1`; the own columns' values are `$2` and `$3`. */
export function mark({ table, columns }: FittedTarget, deleted: boolean): string {
  return [
    `update ${quote(table)} set "_etl_deleted_at" = ${deleted ? '$2::timestamp' : 'null'}, ${ownAssignments.join(', ')}`,
    `where "id" in (${list(1, columnOf(columns, 'id'))}) and "_etl_deleted_at" is ${deleted ? '' : 'not '}null`,
  ].join('\n');
}

const ownAssignments = ['"_etl_synced_at" = $2::timestamp', '"_etl_run_id" = $3::text'];

function unfold(columns: readonly FittedColumn[]): string {
  return `json_to_recordset($1::json) as i (${definitions(columns)})`;
}

function definitions(columns: readonly FittedColumn[]): string {
  return columns.map(({ name, unfolded }) => `${quote(name)} ${unfolded}`).join(', ');
}

function values(columns: readonly FittedColumn[], named = false): string {
  return columns
    .map(({ name, stored }) => {
      const value = `i.${quote(name)}`;
      const written = stored(value);
      return named && written !== value ? `${written} as ${quote(name)}` : written;
    })
    .join(', ');
}

/** Rows are distinct by key as they were sent; where the column's type rounds, the last of equal ones holds. */
function distinctValues(columns: readonly FittedColumn[], key: readonly string[]): string {
  const rounds = columns.some(({ name, rounds }) => rounds && key.includes(name));
  if (!rounds) return `select ${values(columns, true)} from ${unfold(columns)}`;
  const by = columnList(key, 'i');
  const rows = `rows from (json_to_recordset($1::json) as (${definitions(columns)})) with ordinality`;
  return (
    `select distinct on (${by}) ${values(columns, true)} from ${rows} as i (${columnList([...names(columns), '_place'])})` +
    ` order by ${by}, i."_place" desc`
  );
}

function differs(columns: readonly FittedColumn[], from: string): string {
  const sides = ['t', from].map((alias) => columns.map(({ name, compared }) => compared(`${alias}.${quote(name)}`)));
  return sides.map((side) => `(${side.join(', ')})`).join(' is distinct from ');
}

/** Null-safe, except for the owner, by whose index rows are found. */
function sameKey(key: readonly string[], owner: string, other: string): string {
  const rest = key
    .filter((name) => name !== owner)
    .map((name) => `t.${quote(name)} is not distinct from ${other}.${quote(name)}`);
  return [`t.${quote(owner)} = ${other}.${quote(owner)}`, ...rest].join(' and ');
}

/** Rows of the owners in one parameter whose id is not in the other. */
function others({ columns, owner }: FittedSet, owners: number, keep: number): string {
  return [
    `${quote(owner.name)} in (${list(owners, owner)})`,
    `and "id" not in (${list(keep, columnOf(columns, 'id'))})`,
  ].join('\n');
}

function list(parameter: number, { unfolded }: FittedColumn): string {
  return `select value::${unfolded} from json_array_elements_text($${parameter}::json)`;
}

function columnOf(columns: readonly FittedColumn[], name: string): FittedColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

function names(columns: readonly FittedColumn[]): string[] {
  return columns.map(({ name }) => name);
}
