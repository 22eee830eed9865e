import { setTimeout as sleep } from 'node:timers/promises';

import { MOST_REJECTS, type RejectSummary } from '#contracts';

import type { ReplayPlace } from './places.js';
import { replayOf } from './replay-batch.js';

/** What became of rejects that were sent again. */
export interface Replayed {
  readonly loaded: readonly RejectSummary[];
  /** As they are now. */
  readonly again: readonly RejectSummary[];
  /** Those that cannot be sent, and why. */
  readonly refused: readonly { readonly reject: RejectSummary; readonly problem: string }[];
  /** Sent, and nothing heard of them in time. */
  readonly unanswered: readonly RejectSummary[];
}

const LOOK_AGAIN_MS = 500;
/** Since the last one that was answered for. */
const PATIENCE_MS = 60_000;

/**
 * Sends what can be sent and waits for it, as many at a time as an answer tells of. A reject stays until its record is
 * loaded, so whatever interrupts this loses nothing, and doing it twice does no harm.
 */
export async function replay(
  place: ReplayPlace,
  rejects: readonly RejectSummary[],
  signal: AbortSignal,
): Promise<Replayed> {
  const parts: Replayed[] = [];
  for (let first = 0; first < rejects.length && !signal.aborted; first += MOST_REJECTS) {
    parts.push(await replayPart(place, rejects.slice(first, first + MOST_REJECTS), signal));
  }
  return {
    loaded: parts.flatMap(({ loaded }) => loaded),
    again: parts.flatMap(({ again }) => again),
    refused: parts.flatMap(({ refused }) => refused),
    unanswered: parts.flatMap(({ unanswered }) => unanswered),
  };
}

async function replayPart(
  place: ReplayPlace,
  rejects: readonly RejectSummary[],
  signal: AbortSignal,
): Promise<Replayed> {
  const refused: { reject: RejectSummary; problem: string }[] = [];
  const sent = new Map<string, RejectSummary>();
  for (const summary of rejects) {
    if (signal.aborted) break;
    const { id } = summary;
    const { reject } = await place.open(summary);
    // Settled meanwhile by a newer answer.
    if (!reject) continue;
    const made = replayOf(reject);
    if ('problem' in made) {
      refused.push({ reject: summary, problem: made.problem });
      continue;
    }
    await place.send(made);
    sent.set(id, { ...summary, rejectedAt: reject.rejectedAt });
  }
  return { refused, ...(await outcomes(place, sent, signal)) };
}

async function outcomes(
  place: ReplayPlace,
  sent: ReadonlyMap<string, RejectSummary>,
  signal: AbortSignal,
): Promise<Omit<Replayed, 'refused'>> {
  const waiting = new Map(sent);
  const loaded: RejectSummary[] = [];
  const again: RejectSummary[] = [];
  for (let end = Date.now() + PATIENCE_MS; waiting.size > 0 && Date.now() < end && !signal.aborted;) {
    const before = waiting.size;
    const { rejects } = await place.list({ ids: [...waiting.keys()] });
    const standing = new Map(rejects.map((reject) => [reject.id, reject]));
    for (const [id, reject] of waiting) {
      const now = standing.get(id);
      if (now?.rejectedAt === reject.rejectedAt) continue;
      if (now) again.push(now);
      else loaded.push(reject);
      waiting.delete(id);
    }
    if (waiting.size < before) end = Date.now() + PATIENCE_MS;
    else await sleep(LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
  return { loaded, again, unanswered: [...waiting.values()] };
}
