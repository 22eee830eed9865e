import { UUID, type Detail, type Page, type RawSession } from '#contracts';

import type { Asker, EtAnswer, EtClient } from '../et/client.js';
import { EtError } from '../et/errors.js';

type Listed = Page['sessions'][number];
type Answered = EtAnswer | EtError;

/** A session with its details, and the failures behind those that are unknown. */
export interface AskedSession {
  readonly raw: RawSession;
  readonly failures: readonly EtError[];
}

/**
 * Asks for the details of one listed session, side by side. Those that its listing shows to be empty are not asked
 * for. A detail that could not be had is unknown; where one was not found, `/sessions/{id}` tells whether the session
 * is gone. `version` is that of the listing. Rejects only when the asker's signal is aborted.
 */
export async function askDetails(
  client: EtClient,
  { id, session }: Listed,
  version: number,
  wanted: readonly Detail[],
  asker: Asker,
): Promise<AskedSession> {
  const raw: RawSession = { id, version, session, documents: {}, unknown: [] };
  if (!UUID.test(id)) return { raw, failures: [] };

  let whole: Promise<Answered> | undefined;
  const askWhole = () => (whole ??= ask(client, `/sessions/${id}`, asker));
  const answers = await Promise.all(
    wanted.map(async (document) => {
      const answer = knownEmpty(document, session)
        ? { version, body: [] }
        : await (document === 'detail' ? askWhole() : ask(client, `/sessions/${id}/${document}`, asker));
      return { document, answer };
    }),
  );

  const failures: EtError[] = [];
  for (const { document, answer } of answers) {
    if (!(answer instanceof EtError)) {
      raw.documents[document] = { version: answer.version, body: answer.body };
      continue;
    }
    const found = answer.kind === 'not found' ? await askWhole() : undefined;
    if (found instanceof EtError) failures.push(found);
    if (found instanceof EtError && found.kind === 'not found' && found.version !== undefined) {
      return { raw: { ...raw, documents: {}, unknown: [], gone: found.version }, failures: [] };
    }
    failures.push(answer);
    raw.unknown.push({ document, reason: answer.message });
  }
  return { raw, failures };
}

/** What the listing says need not be asked; a missing or null field says nothing. */
function knownEmpty(document: Detail, session: Listed['session']): boolean {
  if (document === 'scores') return Array.isArray(session['reviewers']) && session['reviewers'].length === 0;
  return document === 'comments' && session['comments_count'] === 0;
}

async function ask(client: EtClient, path: string, asker: Asker): Promise<Answered> {
  try {
    return await client.get(path, {}, asker);
  } catch (error) {
    if (error instanceof EtError) return error;
    throw error;
  }
}
