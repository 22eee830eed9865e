import { CONTRACT_VERSION, stages, type Stage } from '#contracts';

import type { Envelope } from './backend.js';
import { RejectedError, TransientError } from './failures.js';

const HEADER = 'x-contract-version';

/** The header that says which version of the contracts a message keeps. */
export const contractHeader = { [HEADER]: CONTRACT_VERSION } as const;

/** What is away where a message is newer than its reader. */
export function newerReader(stage: Stage): string {
  return `a newer reader of ${stage}`;
}

/**
 * Throws for a message that this process cannot understand: `TransientError` where it is of a later version, for there
 * will be a reader of that soon, `RejectedError` where its version is none. A person's message need not name one.
 */
export function checkVersion(stage: Stage, headers: Envelope['headers']): void {
  const version = headers[HEADER] ?? CONTRACT_VERSION;
  if (!Number.isSafeInteger(version) || Number(version) < 1) {
    throw new RejectedError(`the header ${HEADER} holds no version`);
  }
  if (Number(version) <= CONTRACT_VERSION) return;
  const reader = stages.find((known) => known.stage === stage)?.consumer;
  throw new TransientError(
    `the message is of version ${Number(version)} of the contracts, this ${reader} reads up to ${CONTRACT_VERSION}: upgrade it`,
    { outside: true, away: newerReader(stage) },
  );
}
