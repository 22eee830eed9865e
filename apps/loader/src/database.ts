import { setTimeout as sleep } from 'node:timers/promises';

import type { EntitySchema } from '@mikro-orm/sql';

import type { DatabaseSettings } from '#config';
import type { Lane } from '#contracts';
import { LanePlaces } from '#messaging';
import type { Logger } from '#observability';

import type { Connection, Dialect } from './dialects/connection.js';
import { dialectOf, type DialectParts } from './dialects/dialects.js';
import { errorOf, policyOf } from './dialects/faults.js';
import { applySchema, differences } from './schema/apply.js';
import { readCatalog, type Catalog } from './schema/catalog.js';
import type { Grammar } from './schema/grammar.js';
import type { Change } from './schema/plan.js';
import type { Transaction } from './transaction.js';

/** Milliseconds before the second try; doubled each time, with jitter. */
const FIRST_PAUSE_MS = 25;

/** Where transactions can be had. */
export interface Transactions {
  /**
   * Runs the work in one transaction at READ COMMITTED, on SQLite alone in the process. Deadlocks, serialization
   * failures, lost connections and keys that another loader has just taken repeat it, so it must leave nothing behind
   * but what it writes here; a commit whose answer was lost is repeated as well, so it must also bear being done twice.
   * Never await another transaction within it. Throws `DataFault` for values the database does not take,
   * `TransientError` (outside) where it stays away, and whatever the work throws.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

/** The warehouse: connections, transactions, schema. The only place that knows how a driver fails. */
export class Database implements Transactions {
  private catalog: Catalog = new Map();
  private readonly connections: LanePlaces;

  private constructor(
    private readonly connection: Connection,
    private readonly parts: DialectParts,
    private readonly grammar: Grammar,
    private readonly logger: Logger,
    connections: number,
  ) {
    this.connections = new LanePlaces(connections);
  }

  /**
   * Connects and asks for one answer. Throws `TransientError` (outside) with a hint where the database is away, and an
   * `Error` that names the mend where another loader holds the SQLite file.
   */
  static async open(settings: DatabaseSettings, logger: Logger, entities: EntitySchema[]): Promise<Database> {
    const parts = dialectOf(settings.dialect);
    let database: Database | undefined;
    try {
      const connection = await parts.connect(settings, entities);
      const connections = settings.dialect === 'sqlite' ? 1 : settings.pool;
      database = new Database(connection, parts, parts.grammar(settings), logger, connections);
      await database.ping();
      return database;
    } catch (error) {
      await database?.close();
      const fault = parts.fault(error);
      throw fault ? errorOf(fault) : error;
    }
  }

  get dialect(): Dialect {
    return this.parts.dialect;
  }

  /** Tries once. Throws `TransientError` (outside) while the database is away. */
  async ping(): Promise<void> {
    await this.repeated((tx) => tx.query('select 1 as answer'), 'live', 1);
  }

  /** What belongs to no lane is short, and somebody waits for it: it goes with the live lane. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.repeated(work, 'live');
  }

  /** Transactions of one lane: backfill always leaves a quarter of the connections, at least one, to the live lane. */
  inLane(lane: Lane): Transactions {
    return { transaction: (work) => this.repeated(work, lane) };
  }

  /** Creates what is missing, one replica at a time; returns the statements that were run. */
  async ensureSchema(): Promise<string[]> {
    const statements = await applySchema(this, this.grammar);
    await this.learnCatalog();
    return statements;
  }

  /** In what the database differs from the specification. Changes nothing. */
  async differences(): Promise<Change[]> {
    return this.transaction((tx) => differences(tx, this.grammar));
  }

  /** Reads what the tables are. Rows are written by what was read last. */
  async learnCatalog(): Promise<void> {
    this.catalog = await this.transaction((tx) => readCatalog(tx, this.grammar));
  }

  /** Whether anybody has made the tables yet. */
  async hasTables(): Promise<boolean> {
    if (this.catalog.size === 0) await this.learnCatalog();
    return this.catalog.has('etl_runs');
  }

  async close(): Promise<void> {
    await this.connection.close();
  }

  private async repeated<T>(work: (tx: Transaction) => Promise<T>, lane: Lane, most = Infinity): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.connections.holding(lane, () => this.once(work));
      } catch (error) {
        const fault = this.parts.fault(error);
        if (!fault) throw error;
        if (attempt >= Math.min(policyOf(fault.kind).tries ?? 1, most)) throw errorOf(fault);
        this.logger.debug({ kind: fault.kind, reason: fault.reason, attempt }, 'transaction is repeated');
        await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random()));
      }
    }
  }

  /** MikroORM's own `transactional` keeps a pooled connection for ever where its rollback fails; Kysely's does not. */
  private async once<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const { orm, isolation, opening, session } = this.connection;
    const begin = orm.em.getKysely<unknown>().transaction();
    let failure: { error: unknown } | undefined;
    try {
      return await (isolation ? begin.setIsolationLevel(isolation) : begin).execute(async (trx) => {
        try {
          const em = orm.em.fork();
          em.setTransactionContext(trx);
          const calls = session(trx, this.catalog);
          if (opening) await calls.run(opening);
          const result = await work({ em, catalog: this.catalog, ...calls });
          await em.flush();
          return result;
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
    } catch (error) {
      throw failure ? failure.error : error;
    }
  }
}
