import { UUID, type Detail, type RawSession } from '#contracts';

import type { Asker, EtAnswer, EtClient } from '../et/client.js';
import { EtError } from '../et/errors.js';
import { LARGEST_SESSION_BYTES } from '../listing/answers.js';

type Answered = EtAnswer | EtError;

/** A session of which details are to be asked for. */
export interface AskedFor {
  readonly id: string;
  /** What tells the session itself, and its version; without it nothing but details is told. */
  readonly session?: RawSession['session'];
  readonly version: number;
  /** The answer of `/sessions/{id}`, where it is there already. */
  readonly whole?: EtAnswer;
}

/** A session with its details, and the failures behind those that are unknown. */
export interface AskedSession {
  readonly raw: RawSession;
  readonly failures: readonly EtError[];
}

/**
 * Asks for the details of one session, side by side. Those that its listing shows to be empty are not asked for. A
 * detail that could not be had is unknown; where one was not found, `/sessions/{id}` tells whether the session is
 * gone. Rejects only when the asker's signal is aborted.
 */
export async function askDetails(
  client: EtClient,
  { id, session, version, whole: known }: AskedFor,
  wanted: readonly Detail[],
  asker: Asker,
): Promise<AskedSession> {
  const raw: RawSession = { id, version, ...(session ? { session } : {}), documents: {}, unknown: [] };
  if (!UUID.test(id)) return { raw, failures: [] };

  let whole: Promise<Answered> | undefined = known && Promise.resolve(known);
  const askWhole = () => (whole ??= answered(client, `/sessions/${id}`, asker));
  const answers = await Promise.all(
    wanted.map(async (document) => {
      const answer =
        session && knownEmpty(document, session)
          ? { version, body: [] }
          : await (document === 'detail' ? askWhole() : answered(client, `/sessions/${id}/${document}`, asker));
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
    const gone = goneSince(found);
    if (gone !== undefined) return { raw: { ...raw, documents: {}, unknown: [], gone }, failures: [] };
    failures.push(answer);
    raw.unknown.push({ document, reason: answer.message });
  }
  return { raw, failures };
}

/** When ET was asked, where its answer about a session itself is that there is none. */
export function goneSince(answer: Answered | undefined): number | undefined {
  return answer instanceof EtError && answer.kind === 'not found' ? answer.version : undefined;
}

/** What ET answered, or why it did not. Rejects only when the asker's signal is aborted. */
export async function answered(client: EtClient, path: string, asker: Asker): Promise<Answered> {
  try {
    return await client.get(path, {}, asker, LARGEST_SESSION_BYTES);
  } catch (error) {
    if (error instanceof EtError) return error;
    throw error;
  }
}

/** What the listing says need not be asked; a missing or null field says nothing. */
function knownEmpty(document: Detail, session: NonNullable<RawSession['session']>): boolean {
  if (document === 'scores') return Array.isArray(session['reviewers']) && session['reviewers'].length === 0;
  return document === 'comments' && session['comments_count'] === 0;
}
