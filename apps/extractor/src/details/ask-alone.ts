import type { AskedSession as Asked, AskedSessions, Detail } from '#contracts';

import type { Asker, EtClient } from '../et/client.js';
import { EtError } from '../et/errors.js';
import { sessionAnswer } from '../listing/answers.js';
import { askDetails, goneSince, type AskedSession } from './ask.js';

/** A version is that of the session's own document, which is not told here. */
const NO_VERSION = 1;

/**
 * Asks for one session by itself, for the reason of its slice. `wanted` are the details this installation asks for.
 * Rejects only when the asker's signal is aborted.
 */
export function askAlone(
  client: EtClient,
  { id, documents }: Asked,
  why: AskedSessions['why'],
  wanted: readonly Detail[],
  asker: Asker,
): Promise<AskedSession> {
  return why === 'candidates'
    ? askCandidate(client, id, wanted, asker)
    : askMissing(client, id, documents, wanted, asker);
}

/** A session that its day no longer lists: gone where ET says so, told whole where ET still has it, else unknown. */
async function askCandidate(
  client: EtClient,
  id: string,
  wanted: readonly Detail[],
  asker: Asker,
): Promise<AskedSession> {
  const path = `/sessions/${id}`;
  try {
    const whole = await client.get(path, {}, asker);
    const session = sessionAnswer(path, id, whole.body);
    return await askDetails(client, { id, session, version: whole.version, whole }, wanted, asker);
  } catch (error) {
    if (!(error instanceof EtError)) throw error;
    const nothing = { id, version: NO_VERSION, documents: {}, unknown: [] };
    const gone = goneSince(error);
    if (gone !== undefined) return { raw: { ...nothing, gone }, failures: [] };
    const unknown = [{ document: 'detail' as const, reason: error.message }];
    return { raw: { ...nothing, unknown }, failures: [error] };
  }
}

/** Details that could not be had before; what the settings no longer name is missed no longer. */
async function askMissing(
  client: EtClient,
  id: string,
  documents: readonly Detail[],
  wanted: readonly Detail[],
  asker: Asker,
): Promise<AskedSession> {
  const again = documents.filter((document) => document === 'detail' || wanted.includes(document));
  const asked = await askDetails(client, { id, version: NO_VERSION }, again, asker);
  // Of a candidate it says only that the session is still there: where it is not wanted, it is not to be loaded.
  if (!wanted.includes('detail')) delete asked.raw.documents.detail;
  return asked;
}
