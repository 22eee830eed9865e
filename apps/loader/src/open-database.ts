import { setTimeout as sleep } from 'node:timers/promises';

import type { LoaderSettings } from '#config';
import { TransientError, type Waits } from '#messaging';
import type { Logger } from '#observability';

import { Database } from './database.js';
import { DATABASE, isHopeless } from './dialects/faults.js';
import { putBackAll } from './ledger/dispatch.js';
import { ledgerEntities } from './ledger/rows.js';
import { readySchema } from './schema/ready.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

interface Opening {
  readonly settings: Pick<LoaderSettings, 'database' | 'schemaMode' | 'sessionLink'>;
  readonly logger: Logger;
  /** One process that does it all: nobody waits for a database there, and nobody else has slices out. */
  readonly embedded: boolean;
  /** Told while the database is away. */
  readonly waits?: Waits;
}

/**
 * Opens the database with all its tables. A service waits as long as the database is away; the embedded loader throws
 * at once, and takes back what a process before it had out: the queues of that one died with it.
 */
export async function openDatabase({ settings, logger, embedded, waits }: Opening): Promise<Database> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      const database = await Database.open(settings.database, logger, ledgerEntities);
      const ready = await readied(database, { settings, logger, embedded });
      waits?.over(DATABASE);
      return ready;
    } catch (error) {
      if (embedded || !(error instanceof TransientError) || isHopeless(error)) throw error;
      const cause = error.cause instanceof Error ? error.cause.message : undefined;
      waits?.add(DATABASE, error);
      logger.warn({ reason: error.message, cause, nextTryMs: pause }, 'waiting for the database');
      await sleep(pause);
    }
  }
}

async function readied(database: Database, { settings, logger, embedded }: Opening): Promise<Database> {
  try {
    await readySchema(database, settings, logger);
    const taken = embedded ? await database.transaction(putBackAll) : 0;
    if (taken > 0) logger.info({ slices: taken }, 'going on with what an earlier process left');
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
