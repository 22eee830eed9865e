import { RejectedError } from '#messaging';

import { rangeOf, type Range, type RunRequest } from '../../extractor/src/planning/requests.js';
import { UsageError } from './exit-codes.js';

/** Options of `et-etl run` as commander gives them. */
export interface RunOptions {
  readonly startDt?: string;
  readonly stopDt?: string;
  readonly testMode?: true;
  readonly testModeLimitSessions?: number;
  readonly filters?: string;
}

/** Options of `et-etl backfill`. */
export interface BackfillOptions {
  readonly from: string;
  readonly to: string;
  readonly filters?: string;
  readonly force?: true;
}

/** What a person can ask for; only a schedule makes the other kind. */
export type Asked = Exclude<RunRequest, { kind: 'scheduled' }>;

/** Sessions of a test run unless told otherwise. */
const TEST_SESSIONS = 200;

/** What `run` asks for: a test, an explicit range, or the daily run. Throws `UsageError`. */
export function runRequest(options: RunOptions, today: string): Asked {
  const { startDt: from, stopDt: to, filters, testMode, testModeLimitSessions } = options;
  if (testModeLimitSessions !== undefined && !testMode) {
    throw new UsageError('--test-mode-limit-sessions needs --test-mode');
  }
  if (from !== undefined || to !== undefined) checked({ from: from ?? to ?? today, to, filters }, today);
  if (testMode) return { kind: 'test', limit: testModeLimitSessions ?? TEST_SESSIONS, from, to, filters };
  if (from !== undefined) return { kind: 'range', from, to, filters };
  if (to !== undefined) throw new UsageError('--stop-dt needs --start-dt');
  if (filters !== undefined) throw new UsageError('--filters needs --start-dt: the daily run reads everything');
  return { kind: 'sync' };
}

/** What `backfill` asks for. Throws `UsageError`. */
export function backfillRequest(options: BackfillOptions, today: string): Extract<Asked, { kind: 'backfill' }> {
  const { filters } = options;
  const range = checked(options, today);
  return { kind: 'backfill', from: range.from, to: range.to, filters, force: options.force ?? false };
}

function checked(range: { from: string; to?: string | undefined; filters?: string | undefined }, today: string): Range {
  try {
    return rangeOf(range, today);
  } catch (error) {
    if (!(error instanceof RejectedError)) throw error;
    throw new UsageError(error.message, { cause: error });
  }
}
