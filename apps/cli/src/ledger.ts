import { existsSync } from 'node:fs';

import { ledgerSettings, type Environment } from '#config';
import type { StatusReport } from '#contracts';

import { controlRun } from '../../loader/src/ledger/control-run.js';
import { statusReport } from '../../loader/src/ledger/status.js';
import type { Transaction } from '../../loader/src/transaction.js';
import { inDatabase, lookingAt } from './database.js';

/** The status in the database itself, beside a process that may be loading; null where nothing was loaded yet. */
export function readStatus(environment: Environment): Promise<StatusReport | null> {
  return inLedger(environment, (tx) => statusReport(tx, new Date()));
}

/** Cancels in the database itself; the process that loads sees it within a second. False where the run is unknown. */
export async function cancelInLedger(environment: Environment, runId: string): Promise<boolean> {
  return (await inLedger(environment, (tx) => controlRun(tx, runId, 'cancel', new Date()))) !== null;
}

async function inLedger<T>(environment: Environment, work: (tx: Transaction) => Promise<T>): Promise<T | null> {
  const { loader, service } = ledgerSettings(environment);
  const settings = loader.database;
  if (settings.dialect === 'sqlite' && !existsSync(settings.file)) return null;
  return inDatabase(lookingAt(settings), service.logLevel, async (database) =>
    (await database.hasTables()) ? database.transaction(work) : null,
  );
}
