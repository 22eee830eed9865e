import { columnOf, differ, equal, list, names, ofOwners, others, sameKey, typeOf } from './clauses.js';
import type { FittedColumn, FittedSet, FittedTarget } from './fitted.js';
import { columnList, literal, quote } from './quote.js';
import { arrived, PLACE } from './staging.js';

/** Milliseconds to wait for a lock by name: as long as `set lock_timeout` lets others wait. */
export const LOCK_TIMEOUT_MS = 60_000;
/** Keys above which a claim locks the whole table's name instead of theirs, one by one. */
const MOST_KEYS = 1000;

const own = ['_etl_synced_at', '_etl_run_id'];

/** Keys are `@1`, a list of lists; how many of them are there. */
export function standing({ name, seek, columns, key }: FittedTarget): string {
  const parts = key.map((part, place) => ({ name: quote(part), place, ...typeOf(columnOf(columns, part)) }));
  const given = parts.map(({ name, type, place }) => `${name} ${type} '$[${place}]'`).join(', ');
  const compared = parts.map(({ name, collated }) => `${name}${collated} as ${name}`).join(', ');
  return [
    `select count(*) as [standing] from (select ${compared} from openjson(@1) with (${given})) k`,
    `join ${name} t${seek} on ${equal('t', 'k', key)}`,
  ].join('\n');
}

/** Returns the keys of the rows inserted. */
export function insertMissing(target: FittedTarget): string {
  return script(target, [...inserted(target), `select ${columnList(target.key)} from #k`]);
}

/**
 * Locks by name, in the order of the keys, whatever plan the database makes and whether it honours hints; then inserts
 * what is missing and returns the rows that were there.
 */
export function claim(target: FittedTarget): string {
  const { name, table, seek, columns, key } = target;
  const resource = `left(concat(${[literal(`et-etl ${table}`), ...key.flatMap((part) => [`N' '`, quote(part)])].join(', ')}), 255)`;
  return script(target, [
    `declare @many bit = case when (select count(*) from #i) > ${MOST_KEYS} then 1 else 0 end`,
    `declare @mode nvarchar(32) = case when @many = 1 then N'Exclusive' else N'Shared' end, @resource nvarchar(255), @lock int`,
    `exec @lock = sp_getapplock ${literal(`et-etl ${table}`)}, @mode, N'Transaction', ${LOCK_TIMEOUT_MS}`,
    refusedLock,
    `declare resources cursor local fast_forward for select ${resource} from #i where @many = 0 order by ${columnList(key)}`,
    'open resources',
    'fetch next from resources into @resource',
    [
      'while @@fetch_status = 0',
      'begin',
      `  exec @lock = sp_getapplock @resource, N'Exclusive', N'Transaction', ${LOCK_TIMEOUT_MS};`,
      `  ${refusedLock.replace('\n', '\n  ')};`,
      '  fetch next from resources into @resource;',
      'end',
    ].join('\n'),
    'close resources',
    'deallocate resources',
    ...inserted(target),
    [
      `select ${columnList(names(columns), 't')} from ${name} t${seek} join #i i on ${equal('t', 'i', key)}`,
      `where not exists (select 1 from #k k where ${equal('k', 'i', key)})`,
    ].join('\n'),
  ]);
}

/** Of the answers of `sp_getapplock`, -3 tells that this transaction was chosen to end a deadlock. */
const refusedLock = [
  `if @lock = -3 throw 51205, N'deadlock over locks by name', 1`,
  `if @lock < 0 throw 51222, N'no lock by name', 1`,
].join(';\n');

/** Lets one transaction at a time past a name, `@1`. */
export const serialise = [
  'declare @lock int',
  `exec @lock = sp_getapplock @1, N'Exclusive', N'Transaction', ${LOCK_TIMEOUT_MS}`,
  refusedLock,
].join(';\n');

/** The own columns' values are `@1` and `@2`. */
export function upsert(target: FittedTarget, stamped: boolean): string {
  const { name, seek, columns, key } = target;
  const others = columns.filter((column) => !key.includes(column.name));
  return counting(target, [
    ...(others.length > 0
      ? [
          `update t set ${assignments(others, stamped)} from ${name} t${seek} join #i i on ${equal('t', 'i', key)}\nwhere ${differ(others)}`,
        ]
      : []),
    [
      `insert into ${name} (${columnList([...names(columns), ...(stamped ? own : [])])})`,
      `select ${columnList(names(columns), 'i')}${stamped ? ', @1, @2' : ''} from #i i`,
      `where not exists (select 1 from ${name} t${seek} where ${equal('t', 'i', key)}) order by ${columnList(key, 'i')}`,
    ].join('\n'),
  ]);
}

export function keepLeast(target: FittedTarget, column: string): string {
  const { name, seek, columns, key } = target;
  const others = columns.filter((one) => !key.includes(one.name));
  return counting(target, [
    [
      `update t set ${assignments(others, false)} from ${name} t${seek} join #i i on ${equal('t', 'i', key)}`,
      `where i.${quote(column)} < t.${quote(column)}`,
    ].join('\n'),
    [
      `insert into ${name} (${columnList(names(columns))}) select ${columnList(names(columns), 'i')} from #i i`,
      `where not exists (select 1 from ${name} t${seek} where ${equal('t', 'i', key)}) order by ${columnList(key, 'i')}`,
    ].join('\n'),
  ]);
}

/** The own columns' values are `@1` and `@2`, the owners `@3`. */
export function replaceSets(target: FittedSet): string {
  const { name, seek, columns, key, owner } = target;
  const others = columns.filter((column) => !key.includes(column.name));
  const same = sameKey(key, owner.name);
  return counting(target, [
    [`delete t from ${ofOwners(target, 3)}`, `where not exists (select 1 from #i i where ${same})`].join('\n'),
    ...(others.length > 0
      ? [
          `update t set ${assignments(others, true)} from ${name} t${seek} join #i i on ${same}\nwhere ${differ(others)}`,
        ]
      : []),
    [
      `insert into ${name} (${columnList([...names(columns), ...own])})`,
      `select ${columnList(names(columns), 'i')}, @1, @2 from #i i`,
      `where not exists (select 1 from ${name} t${seek} where ${same}) order by i.${quote(PLACE)}`,
    ].join('\n'),
  ]);
}

/** Owners `@1`. */
export function deleteSets(target: FittedSet): string {
  return `delete t from ${ofOwners(target, 1)}`;
}

/** The own columns' values are `@1` and `@2`, the owners `@3`. */
export function blank(target: FittedSet, columns: readonly string[]): string {
  const change = [...columns.map((name) => `${quote(name)} = null`), ownAssignments];
  return [
    `update t set ${change.join(', ')} from ${ofOwners(target, 3)}`,
    `where ${columns.map((name) => `t.${quote(name)} is not null`).join(' or ')}`,
  ].join('\n');
}

/** Owners `@1`, ids to keep `@2`. */
export function deleteOthers(target: FittedSet): string {
  return `delete from ${target.name} where ${others(target, 1, 2)}`;
}

/** The own columns' values are `@1` and `@2`, owners `@3`, ids to keep `@4`. */
export function markOthers(target: FittedSet): string {
  return [
    `update ${target.name} set [_etl_deleted_at] = @1, ${ownAssignments}`,
    `where ${others(target, 3, 4)} and [_etl_deleted_at] is null`,
  ].join('\n');
}

/** Entity `@1`, ids `@2`. */
export function owners(target: FittedSet, versions: string): string {
  const { name, columns, owner } = target;
  return [
    `select cast(t.[id] as nvarchar(64)) as [id], v.[key] as [owner], v.[root_version] as [version] from ${name} t`,
    `join ${versions} v on v.[entity] = @1 and v.[key] = cast(t.${quote(owner.name)} as nvarchar(64)) collate Latin1_General_100_BIN2`,
    `where t.[id] in (${list(2, columnOf(columns, 'id'))}) and t.[_etl_deleted_at] is null`,
  ].join('\n');
}

/** The own columns' values are `@1` and `@2`, ids `@3`. */
export function mark({ name, columns }: FittedTarget, deleted: boolean): string {
  return [
    `update ${name} set [_etl_deleted_at] = ${deleted ? '@1' : 'null'}, ${ownAssignments}`,
    `where [id] in (${list(3, columnOf(columns, 'id'))}) and [_etl_deleted_at] is ${deleted ? '' : 'not '}null`,
  ].join('\n');
}

const ownAssignments = '[_etl_synced_at] = @1, [_etl_run_id] = @2';

/** Never `set nocount on`: some servers that speak the protocol keep it, and the ledger counts the rows it changes. */
function script(target: FittedTarget, statements: readonly string[]): string {
  return [...arrived(target), ...statements].join(';\n');
}

function counting(target: FittedTarget, statements: readonly string[]): string {
  const counted = statements.flatMap((statement) => [statement, 'set @written += @@rowcount']);
  return script(target, ['declare @written int = 0', ...counted, 'select @written as [written]']);
}

function inserted({ name, seek, columns, key }: FittedTarget): string[] {
  const keys = columns.filter((column) => key.includes(column.name));
  return [
    `create table #k (${keys.map((column) => `${quote(column.name)} ${column.stored}`).join(', ')})`,
    [
      `insert into ${name} (${columnList(names(columns))})`,
      `output ${columnList(names(keys), 'inserted')} into #k (${columnList(names(keys))})`,
      `select ${columnList(names(columns), 'i')} from #i i`,
      `where not exists (select 1 from ${name} t${seek} where ${equal('t', 'i', key)}) order by ${columnList(key, 'i')}`,
    ].join('\n'),
  ];
}

function assignments(columns: readonly FittedColumn[], stamped: boolean): string {
  const copied = columns.map(({ name }) => `${quote(name)} = i.${quote(name)}`).join(', ');
  return stamped ? `${copied}, ${ownAssignments}` : copied;
}
