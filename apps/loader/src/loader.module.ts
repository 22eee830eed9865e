import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';

import type { LoaderSettings } from '#config';
import type { Lane, RowBatch } from '#contracts';
import type { Metric } from '#health';
import { Waits, type Assembled, type Probes } from '#messaging';
import type { Logger } from '#observability';

import { Answers } from './answers.js';
import { Database } from './database.js';
import { DATABASE } from './dialects/faults.js';
import { Dispatcher } from './dispatcher.js';
import type { DeletePolicy } from './ledger/candidates.js';
import { mergeBatches } from './merge/merge-batches.js';
import type { DeleteChoice } from './merge/tombstones.js';
import { MergeQueue } from './merge-queue.js';
import { MergeTally } from './metrics.js';
import { openDatabase } from './open-database.js';
import { QuestionsController } from './questions.controller.js';
import { Retention } from './retention.js';
import { RowsController } from './rows.controller.js';
import { SliceCloser } from './slice-closer.js';
import { SlicesController } from './slices.controller.js';
import { Sweeper } from './sweeper.js';
import { DELETE_POLICY, LOGGER, RETENTION_DAYS } from './tokens.js';

interface LoaderOptions {
  readonly settings: LoaderSettings;
  readonly logger: Logger;
  /** All services in one process, with queues that die with it. */
  readonly embedded: boolean;
}

/** Rows into the database, and the ledger. Needs the global messaging module beside it for its `Publisher`. */
@Module({})
export class LoaderModule implements OnApplicationShutdown {
  /** Row batches that are in hand together are merged together. */
  static readonly concurrency = { rows: 8 };

  /** Questions are answered all the while: who asks is told what is away. */
  static probes({ get }: Pick<Assembled, 'get'>): Probes {
    const database = get(Database);
    return { [DATABASE]: { stages: ['rows', 'ends', 'problems'], ask: () => database.ping() } };
  }

  static metrics({ get }: Pick<Assembled, 'get'>): Metric[] {
    return get(MergeTally).metrics();
  }

  constructor(
    private readonly dispatcher: Dispatcher,
    private readonly database: Database,
  ) {}

  static register({ settings, logger, embedded }: LoaderOptions): DynamicModule {
    return {
      module: LoaderModule,
      imports: [ScheduleModule.forRoot()],
      controllers: [RowsController, SlicesController, QuestionsController],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: DELETE_POLICY, useValue: deletePolicy(settings) },
        {
          provide: Database,
          useFactory: (waits: Waits) => openDatabase({ settings, logger, embedded, waits }),
          inject: [Waits],
        },
        MergeTally,
        {
          provide: MergeQueue,
          useFactory: mergeQueue(deleteChoice(settings)),
          inject: [Database, SliceCloser, MergeTally],
        },
        Dispatcher,
        SliceCloser,
        Sweeper,
        Answers,
        { provide: RETENTION_DAYS, useValue: settings.rejectsRetention },
        Retention,
      ],
    };
  }

  /** The transport has stopped by now: nothing is handled any more. */
  async onApplicationShutdown(): Promise<void> {
    await this.dispatcher.stop();
    await this.database.close();
  }
}

function deletePolicy({ deleteMode, maxDeleteRatio }: LoaderSettings): DeletePolicy {
  return { mode: deleteMode, maxRatio: maxDeleteRatio };
}

function deleteChoice({ deleteMode, deleteKeepTexts }: LoaderSettings): DeleteChoice {
  return { mode: deleteMode, keepTexts: deleteKeepTexts };
}

const mergeQueue =
  (deletes: DeleteChoice) =>
  (database: Database, closer: SliceCloser, tally: MergeTally): MergeQueue => {
    const merge = async (lane: Lane, batches: readonly RowBatch[]): Promise<void> => {
      await tally.timed(lane, () => mergeBatches(database.inLane(lane), batches, new Date(), deletes));
      await closer.closeEnded([...new Set(batches.map(({ identity }) => identity.slice.sliceId))], lane);
    };
    return new MergeQueue(merge);
  };
