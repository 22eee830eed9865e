import type { MikroORM, SqlEntityManager } from '@mikro-orm/sql';
import type { Kysely } from 'kysely';

import type { DatabaseSettings } from '#config';

import type { Catalog } from '../schema/catalog.js';
import type { Transaction } from '../transaction.js';

export type Dialect = DatabaseSettings['dialect'];

/** The SQL calls of one open transaction. */
export type Session = Omit<Transaction, 'em' | 'catalog'>;

/** A pool of connections, ready for use. */
export interface Connection {
  readonly orm: Pick<MikroORM, 'close'> & { readonly em: SqlEntityManager };
  /** Asked for at the beginning of each transaction, where the dialect knows levels. */
  readonly isolation: 'read committed' | undefined;
  /** Run first in every transaction. */
  readonly opening?: string;
  /** The SQL calls over the connection a transaction holds; rows are written as the tables found want them. */
  session(trx: Kysely<unknown>, catalog: Catalog): Session;
  close(): Promise<void>;
}
