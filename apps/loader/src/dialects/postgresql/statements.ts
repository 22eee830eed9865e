import type { SetTarget, Target } from '../../merge/row-writer.js';
import type { StoredColumn } from '../../schema/definition.js';
import { columnList, quote } from '../quote.js';

/**
 * Rows travel as one JSON parameter, `$1`, which each statement unfolds once. JSON columns travel as text, for a
 * JSON string would stay a string; keys stay untyped in length, for a cast would cut them in silence.
 */
const unfolded: Record<StoredColumn['type'], string> = {
  int: 'integer',
  bigint: 'bigint',
  float: 'double precision',
  bool: 'boolean',
  text: 'text',
  key: 'text collate "C"',
  datetime: 'timestamp',
  json: 'text',
  uuid: 'uuid',
  bytes: 'text',
};
const own = ['_etl_synced_at', '_etl_run_id'];
/** The own columns' values follow the rows: `$2` and `$3`. */
const ownValues = '$2::timestamp, $3::text';

export function insertMissing({ table, columns, key }: Target): string {
  return [
    `insert into ${quote(table)} (${columnList(names(columns))})`,
    `select ${values(columns)} from ${unfold(columns)}`,
    `order by ${columnList(key, 'i')}`,
    `on conflict do nothing returning ${columnList(key)}`,
  ].join('\n');
}

export function lock({ table, columns, key }: Target): string {
  const keys = columns.filter(({ name }) => key.includes(name));
  return [
    `select ${columnList(names(columns), 't')} from ${unfold(keys)}`,
    `join ${quote(table)} t on ${key.map((name) => `t.${quote(name)} = i.${quote(name)}`).join(' and ')}`,
    `order by ${columnList(key, 't')} for update of t`,
  ].join('\n');
}

export function upsert({ table, columns, key }: Target, stamped: boolean): string {
  const others = names(columns).filter((name) => !key.includes(name));
  const written = stamped ? [...others, ...own] : others;
  const change = `do update set ${written.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ')}`;
  const differs = `where (${columnList(others, 't')}) is distinct from (${columnList(others, 'excluded')})`;
  return [
    `insert into ${quote(table)} as t (${columnList([...names(columns), ...(stamped ? own : [])])})`,
    `select ${values(columns)}${stamped ? `, ${ownValues}` : ''} from ${unfold(columns)}`,
    `order by ${columnList(key, 'i')}`,
    `on conflict (${columnList(key)}) ${others.length > 0 ? `${change}\n${differs}` : 'do nothing'}`,
  ].join('\n');
}

export function keepLeast({ table, columns, key }: Target, column: string): string {
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
export function replaceSets({ table, columns, key, owner }: SetTarget): string {
  const others = names(columns).filter((name) => !key.includes(name));
  const same = sameKey(key, owner.name);
  const assignments = [...others.map((name) => `${quote(name)} = i.${quote(name)}`), ...ownAssignments];
  const changed = [
    `changed as (update ${quote(table)} t set ${assignments.join(', ')} from i`,
    `  where ${same} and (${columnList(others, 't')}) is distinct from (${columnList(others, 'i')}) returning 1)`,
  ];
  const steps = ['gone', ...(others.length > 0 ? ['changed'] : []), 'added'];
  return [
    `with i as materialized (select ${values(columns, true)} from ${unfold(columns)}),`,
    `gone as (delete from ${quote(table)} t where t.${quote(owner.name)} in (${list(4, owner)})`,
    `  and not exists (select 1 from i where ${same}) returning 1),`,
    ...(others.length > 0 ? [changed.join('\n') + ','] : []),
    `added as (insert into ${quote(table)} (${columnList([...names(columns), ...own])})`,
    `  select ${columnList(names(columns), 'i')}, ${ownValues} from i`,
    `  where not exists (select 1 from ${quote(table)} t where ${same}) returning 1)`,
    `select ${steps.map((step) => `(select count(*) from ${step})`).join(' + ')} as written`,
  ].join('\n');
}

/** Owners `$1`, ids to keep `$2`. */
export function deleteOthers(target: SetTarget): string {
  return `delete from ${quote(target.table)} where ${others(target, 1, 2)}`;
}

/** Owners `$1`, ids to keep `$4`; the own columns' values are `$2` and `$3`. */
export function markOthers(target: SetTarget): string {
  return [
    `update ${quote(target.table)} set "_etl_deleted_at" = $2::timestamp, ${ownAssignments.join(', ')}`,
    `where ${others(target, 1, 4)} and "_etl_deleted_at" is null`,
  ].join('\n');
}

/** Ids `$1`, entity `$2`. */
export function owners({ table, columns, owner }: SetTarget): string {
  return [
    `select t."id"::text as id, v."key" as owner, v."root_version" as version from ${quote(table)} t`,
    `join "etl_versions" v on v."entity" = $2 and v."key" = t.${quote(owner.name)}::text`,
    `where t."id" in (${list(1, columnOf(columns, 'id'))})`,
  ].join('\n');
}

/** Ids `$1`; the own columns' values are `$2` and `$3`. */
export function mark({ table, columns }: Target, deleted: boolean): string {
  return [
    `update ${quote(table)} set "_etl_deleted_at" = ${deleted ? '$2::timestamp' : 'null'}, ${ownAssignments.join(', ')}`,
    `where "id" in (${list(1, columnOf(columns, 'id'))}) and "_etl_deleted_at" is ${deleted ? '' : 'not '}null`,
  ].join('\n');
}

const ownAssignments = ['"_etl_synced_at" = $2::timestamp', '"_etl_run_id" = $3::text'];

function unfold(columns: readonly StoredColumn[]): string {
  const list = columns.map(({ name, type }) => `${quote(name)} ${unfolded[type]}`);
  return `json_to_recordset($1::json) as i (${list.join(', ')})`;
}

function values(columns: readonly StoredColumn[], named = false): string {
  return columns
    .map(({ name, type }) => {
      const value = `i.${quote(name)}`;
      const alias = named ? ` as ${quote(name)}` : '';
      if (type === 'json') return `${value}::jsonb${alias}`;
      if (type === 'bytes') return `decode(${value}, 'base64')${alias}`;
      return value;
    })
    .join(', ');
}

/** Null-safe, except for the owner, by whose index rows are found. */
function sameKey(key: readonly string[], owner: string): string {
  const rest = key
    .filter((name) => name !== owner)
    .map((name) => `t.${quote(name)} is not distinct from i.${quote(name)}`);
  return [`t.${quote(owner)} = i.${quote(owner)}`, ...rest].join(' and ');
}

/** Rows of the owners in one parameter whose id is not in the other. */
function others({ columns, owner }: SetTarget, owners: number, keep: number): string {
  return [
    `${quote(owner.name)} in (${list(owners, owner)})`,
    `and "id" not in (${list(keep, columnOf(columns, 'id'))})`,
  ].join('\n');
}

function list(parameter: number, { type }: StoredColumn): string {
  return `select value::${unfolded[type]} from json_array_elements_text($${parameter}::json)`;
}

function columnOf(columns: readonly StoredColumn[], name: string): StoredColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`no column ${name}`);
  return column;
}

function names(columns: readonly StoredColumn[]): string[] {
  return columns.map(({ name }) => name);
}
