import { verdictOf, type RunReport } from '#contracts';

/** What the process's exit code tells scripts. */
export const exitCodes = {
  /** Loaded and verified, today excepted. */
  verified: 0,
  failed: 1,
  /** Usage or configuration. */
  usage: 2,
  /** Of `schema plan`: the database is not as it should be. */
  differs: 2,
  /** Finished with rejects or unverified days. */
  incomplete: 3,
  /** Stopped by a signal, as shells count. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of closed runs: the worst of them. */
export function exitCodeOf(runs: readonly RunReport[]): ExitCode {
  const verdicts = new Set(runs.map(verdictOf));
  return exitCodes[verdicts.has('failed') ? 'failed' : verdicts.has('incomplete') ? 'incomplete' : 'verified'];
}

/** An error a person can mend by typing or setting something else; told without a stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Something outside that has to be there and is not, with what to do about it. */
export class PreflightError extends Error {
  override readonly name = 'PreflightError';

  constructor(
    message: string,
    readonly hint: string,
    options: ErrorOptions = {},
  ) {
    super(message, options);
  }
}
