import { RejectedError, TransientError } from '#messaging';

import { EtError } from './et/errors.js';

/** What faults name as away. */
export const ET = 'Ender Turing';

interface Circumstances {
  readonly signal: AbortSignal;
  /** One process does one job and ends. */
  readonly embedded: boolean;
}

/**
 * What a failure of ET means for the message in hand: faults outside park it with a hint to the operator, requests
 * ET refuses or answers with too much are rejected, all else is tried again. Other errors pass unchanged. An embedded run has to end: what the
 * account may not read is rejected there, and a login that ET refuses is not tried for ever.
 */
export function asFault(error: unknown, doing: string, { signal, embedded }: Circumstances): unknown {
  if (signal.aborted) return new TransientError(`${doing}: stopped`, { cause: error, outside: true });
  if (!(error instanceof EtError)) return error;
  const message = `${doing}: ${error.message} (${error.hint})`;
  if (error.kind === 'refused' || error.kind === 'too large' || (embedded && error.kind === 'forbidden')) {
    return new RejectedError(message, { cause: error });
  }
  const outside = error.outside && !(embedded && error.kind === 'auth');
  // One path that the account may not read is no reason to leave the others.
  const away = outside && error.kind !== 'forbidden';
  return new TransientError(message, { cause: error, outside, ...(away ? { away: ET } : {}) });
}

/** The same for who only asks whether ET is there: what the account lacks is told by the work that needs it. */
export function notThere(error: unknown): unknown {
  return asFault(error, 'looking for ET', { signal: new AbortController().signal, embedded: true });
}
