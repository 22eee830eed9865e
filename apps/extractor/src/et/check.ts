import type { EtSettings } from '#config';

import { EtClient } from './client.js';
import { EtError } from './errors.js';

/** Someone waits at the terminal. */
const HASTE = { tries: 2, idleMs: 10_000 };

/**
 * Logs in and reads one small page, to tell a wrong password, host or certificate before anything is begun.
 * Throws `EtError` with `kind` and `hint`; no message holds a secret.
 */
export async function checkEt(settings: EtSettings): Promise<void> {
  const client = new EtClient({ ...settings, concurrency: 1 }, HASTE);
  try {
    const { body } = await client.get('/users', { skip: 0, limit: 1 }, { lane: 'live' });
    if (!Array.isArray(body)) throw new EtError('not json', 'GET /users answered something other than a list');
  } finally {
    client.close();
  }
}
