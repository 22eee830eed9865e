import { randomUUID } from 'node:crypto';

import type { DatabaseSettings } from '#config';
import type {
  Answer,
  Lane,
  Message,
  Outcome,
  PlannedSlice,
  Question,
  RowBatch,
  RunPlan,
  Slice,
  SliceEnd,
  Stage,
} from '#contracts';
import { Publisher, Queues, TransientError, type Depth } from '#messaging';
import { createLogger } from '#observability';

import { Answers } from '../../apps/loader/src/answers.js';
import type { Database } from '../../apps/loader/src/database.js';
import { Dispatcher } from '../../apps/loader/src/dispatcher.js';
import type { DeletePolicy } from '../../apps/loader/src/ledger/candidates.js';
import { mergeBatches } from '../../apps/loader/src/merge/merge-batches.js';
import { openDatabase } from '../../apps/loader/src/open-database.js';
import { storedTables } from '../../apps/loader/src/schema/definition.js';
import { SliceCloser } from '../../apps/loader/src/slice-closer.js';
import { Sweeper } from '../../apps/loader/src/sweeper.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { sqlFor } from '../support/portable-sql.js';

export const HOUR = 3_600_000;

const logger = createLogger('test', 'silent');

/** Keeps what was sent, or refuses it like a broker that is away. */
export class SentSlices extends Publisher {
  readonly sent: Slice[] = [];
  away = false;

  override publish<S extends Exclude<Stage, 'questions'>>(
    _stage: S,
    _lane: Lane | null,
    body: Message<S>,
  ): Promise<void> {
    if (this.away) return Promise.reject(new TransientError('the broker is away', { outside: true }));
    this.sent.push(body as Slice);
    return Promise.resolve();
  }

  override ask(): Promise<never> {
    return Promise.reject(new Error('the loader asks nothing'));
  }
}

/** Queues that hold what a test says. */
export class KnownQueues extends Queues {
  depths: readonly Partial<Depth>[] = [];
  away = false;

  override depth(): Promise<Depth[]> {
    if (this.away) return Promise.reject(new TransientError('the broker is away', { outside: true }));
    const empty = { queue: '', work: 0, inHand: null, wait: 0, again: 0, dead: 0, consumers: 1 } as const;
    return Promise.resolve(this.depths.map((depth) => ({ stage: 'slices', lane: 'live', ...empty, ...depth })));
  }
}

/** A loader of its own for each test of a suite, over a database that is empty when the test begins. */
export class Ledger {
  fresh!: FreshDatabase;
  loader!: Loader;

  /** Call within `describe`. */
  static forEachTest(dialect: DatabaseSettings['dialect']): Ledger {
    const ledger = new Ledger();
    beforeAll(async () => {
      ledger.fresh = await freshDatabase(dialect);
    });
    beforeEach(async () => {
      ledger.loader = await Loader.open(ledger.fresh.settings);
      await ledger.loader.empty();
    });
    afterEach(() => ledger.loader.close());
    afterAll(() => ledger.fresh.drop());
    return ledger;
  }

  /** Another loader over the same database, which the caller closes. SQLite has one at a time. */
  another(): Promise<Loader> {
    return Loader.open(this.fresh.settings);
  }

  /** As after a crash: another process over the same database. */
  async restart(): Promise<void> {
    await this.loader.close();
    this.loader = await Loader.open(this.fresh.settings);
  }
}

/** The parts of a loader over a real database, without the transport around them. */
export class Loader {
  readonly publisher = new SentSlices();
  readonly queues = new KnownQueues();
  readonly dispatcher: Dispatcher;
  readonly closer: SliceCloser;
  readonly sweeper: Sweeper;
  private readonly answers: Answers;

  constructor(
    readonly database: Database,
    deletes: DeletePolicy = { mode: 'mark', maxRatio: 0.1 },
  ) {
    this.dispatcher = new Dispatcher(database, this.publisher, logger);
    this.closer = new SliceCloser(database, this.dispatcher, deletes, logger);
    this.sweeper = new Sweeper(database, this.closer, this.dispatcher, this.queues, logger);
    this.answers = new Answers(database, this.dispatcher);
  }

  static async open(settings: DatabaseSettings, deletes?: DeletePolicy): Promise<Loader> {
    return new Loader(
      await openDatabase({ settings: { database: settings, schemaMode: 'auto' }, logger, embedded: true }),
      deletes,
    );
  }

  async close(): Promise<void> {
    await this.dispatcher.stop();
    await this.database.close();
  }

  async ask<T extends Question['type']>(
    question: Extract<Question, { type: T }>,
  ): Promise<Extract<Answer, { type: T }>> {
    return (await this.answers.answer(question)) as Extract<Answer, { type: T }>;
  }

  async run(runId: string) {
    const { run } = await this.ask({ type: 'run', runId });
    if (!run) throw new Error(`no run ${runId}`);
    return run;
  }

  /** Forgets everything but what views are there. */
  async empty(): Promise<void> {
    const { dialect } = this.database;
    await this.database.transaction(async (tx) => {
      for (const { name } of storedTables) {
        const but = name === 'etl_state' ? ` where "name" not like 'view %'` : '';
        await tx.run(sqlFor(dialect, `delete from "${name}"${but}`));
      }
    });
  }

  /** Opens a run and waits until its slices are out. */
  async open(plan: RunPlan): Promise<Slice[]> {
    await this.ask({ type: 'open-run', plan });
    await this.dispatcher.dispatch();
    return this.publisher.sent.filter(({ runId }) => runId === plan.runId);
  }

  /** Opens a run of one day, and gives that day once it is out. */
  async openDay(runId: string): Promise<Slice> {
    const [slice] = await this.open(plan(runId, days(runId, 1)));
    if (!slice) throw new Error('nothing was dispatched');
    return slice;
  }

  async merge(...batches: RowBatch[]): Promise<void> {
    await mergeBatches(this.database, batches, new Date());
    await this.closer.closeEnded(batches.map(({ identity }) => identity.slice.sliceId));
  }

  /** Answers for a slice whole: its batch and its end. */
  async answer(slice: Slice, outcomes: Outcome[], end: Partial<SliceEnd> = {}): Promise<void> {
    const attempt = randomUUID();
    await this.merge(batch(slice, attempt, outcomes));
    await this.closer.end(endOf(slice, attempt, outcomes.length, end));
  }

  async count(table: 'etl_keys' | 'etl_inbox' | 'etl_ends' | 'etl_unknown'): Promise<number> {
    const rows = await this.database.transaction((tx) => tx.query(`select slice_id from ${table}`));
    return rows.length;
  }
}

export function plan(runId: string, slices: PlannedSlice[], more: Partial<RunPlan> = {}): RunPlan {
  return { runId, kind: 'range', request: '', slices, ...more };
}

export function days(runId: string, count: number, lane: Lane = 'live'): PlannedSlice[] {
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(Date.UTC(2026, 9, 1 + index)).toISOString().slice(0, 10);
    return { sliceId: `${runId}:${day}`, lane, subject: { kind: 'day', day } };
  });
}

/** One batch that answers for as many keys as there are outcomes. */
export function batch(
  slice: Slice,
  attempt: string,
  outcomes: Outcome[],
  more: Partial<RowBatch> = {},
  first = 0,
): RowBatch {
  const sha = randomUUID().replaceAll('-', '').repeat(2);
  return {
    identity: { slice, attempt, page: first, number: 0, sha },
    entity: slice.subject.kind === 'dictionary' ? slice.subject.dictionary : 'session',
    answered: outcomes.map((outcome, index) => ({
      key: `key-${first + index}`,
      outcome,
      documents: [],
      unknown: outcome === 'unknown' ? [{ document: 'scores', reason: '403' }] : [],
    })),
    rejects: [],
    unknownFields: {},
    cleaned: { nul: 0, surrogates: 0 },
    ...more,
  };
}

export function endOf(slice: Slice, attempt: string, listed: number, more: Partial<SliceEnd> = {}): SliceEnd {
  const count = slice.subject.kind === 'day' ? listed : null;
  return { slice, attempt, listed, countBefore: count, countAfter: count, dayOver: true, ...more };
}
