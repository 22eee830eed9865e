import { EntitySchema, LockMode, type FilterQuery, type SqlEntityManager } from '@mikro-orm/sql';
import { sql, type Kysely, type RawBuilder } from 'kysely';

import { ledgerTables, type LedgerColumn } from '../ledger-tables.js';
import type { Transaction } from '../transaction.js';

type Specification = (typeof ledgerTables)[number];
type LedgerName = Specification['name'];
type Named<N extends LedgerName> = Extract<Specification, { name: N }>;

type Value<T extends LedgerColumn['type']> = T extends 'int' | 'bigint' | 'float'
  ? number
  : T extends 'bool'
    ? boolean
    : T extends 'json'
      ? unknown
      : T extends 'bytes'
        ? Uint8Array
        : string;

type Cells<C extends Record<string, LedgerColumn['type']>, K extends string> = {
  [P in keyof C]: P extends K ? Value<C[P]> : Value<C[P]> | null;
};

/** A row of a ledger table, as its specification says: key columns are never null, all others may be. */
export type LedgerRow<N extends LedgerName> = Cells<Named<N>['types'], Named<N>['key'][number]>;

type LedgerDatabase = { [N in LedgerName]: LedgerRow<N> } & {
  sessions: { id: string; is_processed: boolean | null; _etl_deleted_at: string | null };
};

// Date-times stay text: they are naive, and `Date` knows no microseconds.
const ormTypes = {
  int: 'integer',
  bigint: 'bigint',
  float: 'double',
  bool: 'boolean',
  text: 'string',
  key: 'string',
  uuid: 'string',
  datetime: 'string',
  json: 'json',
  bytes: 'blob',
} as const satisfies Record<LedgerColumn['type'], string>;

export const Runs = entity('etl_runs');
export const Slices = entity('etl_slices');
export const Inbox = entity('etl_inbox');
export const Ends = entity('etl_ends');
export const Keys = entity('etl_keys');
export const State = entity('etl_state');
export const Unknown = entity('etl_unknown');
export const HeldDeletes = entity('etl_held_deletes');

/** What MikroORM has to know of; the other ledger tables belong to the merge alone. */
export const ledgerEntities = [Runs, Slices, Inbox, Ends, Keys, State, Unknown, HeldDeletes];

/** The transaction's connection for sums and joins, with real parameters and the ledger's types. */
export function ledgerQueries(em: SqlEntityManager): Kysely<LedgerDatabase> {
  const schema = em.config.get('schema');
  const queries = em.getKysely<LedgerDatabase>();
  return schema === undefined ? queries : queries.withSchema(schema);
}

/** A table's name in SQL of one's own, which knows of no schema. */
export function tableName(em: SqlEntityManager, table: string): RawBuilder<unknown> {
  const schema = em.config.get('schema');
  return schema === undefined ? sql.id(table) : sql.id(schema, table);
}

/** Locks one row until the transaction ends, and gives it as it stands then; null where it is not there, or not so. */
export async function lockRow<Row extends object>(
  { em, lockName }: Transaction,
  entity: EntitySchema<Row>,
  key: Partial<Record<keyof NoInfer<Row> & string, string>>,
  so: FilterQuery<NoInfer<Row>> & object = {},
): Promise<Row | null> {
  await lockName?.([entity.meta.tableName, ...Object.values<string | undefined>(key)].join(' '));
  // Without `refresh` a row read before the lock was had would come from memory, as it stood then.
  const where = { ...key, ...so } as FilterQuery<NoInfer<Row>>;
  return em.findOne(entity, where, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
}

function specificationOf<N extends LedgerName>(name: N): Named<N> {
  return ledgerTables.find((table) => table.name === name) as Named<N>;
}

function entity<N extends LedgerName>(name: N): EntitySchema<LedgerRow<N>> {
  const { key, columns } = specificationOf(name);
  const properties = columns.map(({ name: column, type }) => {
    const primary = key.some((part) => part === column);
    return [column, { type: ormTypes[type], fieldName: column, primary, nullable: !primary }];
  });
  // The compiler cannot follow from the columns of a table to the keys of its row.
  return new EntitySchema<LedgerRow<N>>({ name, tableName: name, properties: Object.fromEntries(properties) as never });
}
