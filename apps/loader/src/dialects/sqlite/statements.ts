import type { SetTarget, Target } from '../../merge/row-writer.js';
import { columnList, quote } from '../quote.js';

const own = ['_etl_synced_at', '_etl_run_id'];

interface InsertForm {
  /** The own columns' values follow each row. */
  readonly stamped: boolean;
  readonly ending?: string;
  readonly rows?: number;
}

export function insert({ table, columns }: Target, { stamped, ending = '', rows = 1 }: InsertForm): string {
  const names = [...columns.map(({ name }) => name), ...(stamped ? own : [])];
  const row = `(${names.map(() => '?').join(', ')})`;
  return `insert into ${quote(table)} (${columnList(names)}) values ${Array(rows).fill(row).join(', ')}${ending}`;
}

/** Parameters: the row, then the own columns' values. */
export function upsert(target: Target, stamped: boolean): string {
  const others = otherColumns(target);
  if (others.length === 0) return insert(target, { stamped, ending: ' on conflict do nothing' });
  const written = stamped ? [...others, ...own] : others;
  const change = written.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ');
  const differs = others
    .map((name) => `${quote(target.table)}.${quote(name)} is not excluded.${quote(name)}`)
    .join(' or ');
  return insert(target, {
    stamped,
    ending: ` on conflict (${columnList(target.key)}) do update set ${change} where ${differs}`,
  });
}

export function keepLeast(target: Target, column: string): string {
  const change = otherColumns(target).map((name) => `${quote(name)} = excluded.${quote(name)}`);
  return insert(target, {
    stamped: false,
    ending:
      ` on conflict (${columnList(target.key)}) do update set ${change.join(', ')}` +
      ` where excluded.${quote(column)} < ${quote(target.table)}.${quote(column)}`,
  });
}

export function selectByKey({ table, columns, key }: Target): string {
  const where = key.map((name) => `${quote(name)} = ?`).join(' and ');
  return `select ${columnList(columns.map(({ name }) => name))} from ${quote(table)} where ${where}`;
}

/** Parameter: owners as a JSON list. Integers beyond 2^53 do not fit a JavaScript number, so they are read as text. */
export function selectSets({ table, columns, owner }: SetTarget): string {
  const cells = columns.map(({ name, type }) => (type === 'bigint' ? `cast(${quote(name)} as text)` : quote(name)));
  return `select "id", ${cells.join(', ')} from ${quote(table)} where ${ofOwners(owner.name)}`;
}

/** Parameters: all columns but the key, the own columns' values, the id. */
export function updateById(target: Target): string {
  const change = [...otherColumns(target), ...own].map((name) => `${quote(name)} = ?`);
  return `update ${quote(target.table)} set ${change.join(', ')} where "id" = ?`;
}

export function deleteById({ table }: Target): string {
  return `delete from ${quote(table)} where "id" = ?`;
}

/** Parameter: owners as a JSON list. */
export function deleteSets({ table, owner }: SetTarget): string {
  return `delete from ${quote(table)} where ${ofOwners(owner.name)}`;
}

/** Parameters: the own columns' values, owners as a JSON list. */
export function blank({ table, owner }: SetTarget, columns: readonly string[]): string {
  const change = [...columns.map((name) => `${quote(name)} = null`), ...own.map((name) => `${quote(name)} = ?`)];
  const filled = columns.map((name) => `${quote(name)} is not null`).join(' or ');
  return `update ${quote(table)} set ${change.join(', ')} where ${ofOwners(owner.name)} and (${filled})`;
}

/** Parameters: entity, id. */
export function ownerOf({ table, owner }: SetTarget): string {
  return (
    `select cast(t."id" as text) as id, v."key" as owner, v."root_version" as version from ${quote(table)} t` +
    ` join "etl_versions" v on v."entity" = ? and v."key" = cast(t.${quote(owner.name)} as text)` +
    ` where t."id" = ? and t."_etl_deleted_at" is null`
  );
}

/** Parameters: the time where it is set, the own columns' values, the id. */
export function mark({ table }: Target, deleted: boolean): string {
  return (
    `update ${quote(table)} set "_etl_deleted_at" = ${deleted ? '?' : 'null'}, "_etl_synced_at" = ?, "_etl_run_id" = ?` +
    ` where "id" = ? and "_etl_deleted_at" is ${deleted ? '' : 'not '}null`
  );
}

function ofOwners(owner: string): string {
  return `${quote(owner)} in (select value from json_each(?))`;
}

export function otherColumns({ columns, key }: Target): string[] {
  return columns.map(({ name }) => name).filter((name) => !key.includes(name));
}
