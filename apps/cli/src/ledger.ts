import { existsSync } from 'node:fs';

import { ledgerSettings, type Environment } from '#config';
import type { Gaps, StatusReport } from '#contracts';

import { dayAt } from '../../extractor/src/planning/days.js';
import { controlRun, type Control } from '../../loader/src/ledger/control-run.js';
import { gapsOf } from '../../loader/src/ledger/gaps.js';
import { statusReport } from '../../loader/src/ledger/status.js';
import type { Transaction } from '../../loader/src/transaction.js';
import { inDatabase, lookingAt } from './database.js';

/** The status in the database itself, beside a process that may be loading; null where nothing was loaded yet. */
export function readStatus(environment: Environment): Promise<StatusReport | null> {
  return inLedger(environment, (tx, today) => statusReport(tx, new Date(), today));
}

/** What is missing, from the database itself; null where nothing was loaded yet. */
export function readGaps(environment: Environment): Promise<Gaps | null> {
  return inLedger(environment, gapsOf);
}

/**
 * Pauses, resumes or cancels in the database itself; the process that loads sees it within a second. Gives the run's
 * state then; null where the run is unknown.
 */
export function controlInLedger(environment: Environment, runId: string, action: Control): Promise<string | null> {
  return inLedger(environment, (tx) => controlRun(tx, runId, action, new Date()));
}

/** Works in the database itself, beside a process that may be loading; null where nothing was loaded yet. */
export async function inLedger<T>(
  environment: Environment,
  work: (tx: Transaction, today: string) => Promise<T>,
): Promise<T | null> {
  const { loader, service, timezone } = ledgerSettings(environment);
  const settings = loader.database;
  if (settings.dialect === 'sqlite' && !existsSync(settings.file)) return null;
  return inDatabase(lookingAt(settings), service.logLevel, async (database) =>
    (await database.hasTables()) ? database.transaction((tx) => work(tx, dayAt(new Date(), timezone))) : null,
  );
}
