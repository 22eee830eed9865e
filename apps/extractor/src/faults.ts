import { RejectedError, TransientError } from '#messaging';

import { EtError } from './et/errors.js';

/**
 * What a failure of ET means for the message in hand: faults outside park it with a hint to the operator, requests
 * ET refuses are rejected, all else is tried again. Other errors pass unchanged.
 */
export function asFault(error: unknown, doing: string, signal: AbortSignal): unknown {
  if (signal.aborted) return new TransientError(`${doing}: stopped`, { cause: error, outside: true });
  if (!(error instanceof EtError)) return error;
  const message = `${doing}: ${error.message} (${error.hint})`;
  if (error.kind === 'refused') return new RejectedError(message, { cause: error });
  return new TransientError(message, { cause: error, outside: error.outside });
}
