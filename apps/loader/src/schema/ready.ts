import type { LoaderSettings } from '#config';
import type { Logger } from '#observability';

import type { Database } from '../database.js';
import { improveState } from '../ledger/state.js';
import { describeChanges, isMissing } from './script.js';

/** The tables are not as the loader needs them, and it may not change them. */
export class IncompleteSchema extends Error {
  override readonly name = 'IncompleteSchema';

  /** What is missing, in words. */
  constructor(readonly missing: readonly string[]) {
    super(`the database lacks ${missing.join(', ')}: et-etl schema plan prints the script that adds it`);
  }
}

type Settings = Pick<LoaderSettings, 'schemaMode' | 'sessionLink'>;

/**
 * Sees to it that the tables are there, as far as the mode lets it. Throws `IncompleteSchema`, and `TransientError`
 * (outside) where the database is away or refuses the change.
 */
export async function readySchema(
  database: Database,
  { schemaMode, sessionLink }: Settings,
  logger: Logger,
): Promise<void> {
  switch (schemaMode) {
    case 'auto': {
      const statements = await database.ensureSchema();
      if (statements.length > 0) logger.info({ statements: statements.length }, 'schema brought up to date');
      break;
    }
    case 'validate': {
      const missing = describeChanges((await database.differences()).filter(isMissing));
      if (missing.length > 0) throw new IncompleteSchema(missing);
      break;
    }
    case 'off':
      break;
  }
  if (schemaMode !== 'auto') await database.learnCatalog();
  if (sessionLink !== undefined) await noteLink(database, sessionLink);
}

/** Keeps where conversations are found, for views to show it. */
export async function noteLink(database: Database, link: string): Promise<void> {
  await database.transaction((tx) => improveState(tx, 'session_link', link, (stored) => stored !== link));
}
