import type { EtSettings } from '#config';

import { listAnswer, sessionsAnswer } from '../listing/answers.js';
import { EtClient } from './client.js';
import { EtError } from './errors.js';

/** Someone waits at the terminal. */
const HASTE = { tries: 2, idleMs: 10_000 };
const page = { skip: 0, limit: 1 };

/** The cheapest answer that shows ET to be there and the login to work. Throws `EtError`. */
export async function askEt(client: EtClient): Promise<void> {
  try {
    listAnswer('/users', (await client.get('/users', page, { lane: 'live' })).body);
  } catch (error) {
    if (!(error instanceof EtError) || error.kind !== 'forbidden') throw error;
    sessionsAnswer((await client.get('/sessions', page, { lane: 'live' })).body);
  }
}

/**
 * Logs in and reads one small page, to tell a wrong password, host or certificate before anything is begun. A role
 * that may not read users will do, if it may read sessions. Throws `EtError` with `kind` and `hint`; no message holds a secret.
 */
export async function checkEt(settings: EtSettings): Promise<void> {
  const client = new EtClient({ ...settings, concurrency: 1 }, HASTE);
  try {
    await askEt(client);
  } finally {
    client.close();
  }
}
