import type { Environment } from '#config';

import type { Remote } from '../broker.js';

/** Where a command works, and when it is to stop. */
export interface Installation {
  readonly environment: Environment;
  /** The running services; without them all is done in this process. */
  readonly remote: Remote | undefined;
  readonly signal: AbortSignal;
}
