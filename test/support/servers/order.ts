import type { Offer, RunningServer, ServerKind, Source } from './kinds.js';

export interface Choice {
  readonly starts: ReadonlyMap<ServerKind, () => Promise<RunningServer>>;
  /** Every source's reason, in order. */
  readonly missing: ReadonlyMap<ServerKind, string>;
}

/** Takes each server from the first source that has it. Later sources are asked for the rest alone. */
export async function choose(kinds: readonly ServerKind[], sources: readonly Source[]): Promise<Choice> {
  const starts = new Map<ServerKind, () => Promise<RunningServer>>();
  const reasons = new Map<ServerKind, string[]>(kinds.map((kind) => [kind, []]));
  for (const source of sources) {
    if (reasons.size === 0) break;
    for (const [kind, offer] of await source([...reasons.keys()])) {
      if ('start' in offer) {
        starts.set(kind, offer.start);
        reasons.delete(kind);
      } else reasons.get(kind)?.push(offer.reason);
    }
  }
  return { starts, missing: new Map([...reasons].map(([kind, all]) => [kind, all.join('; ')])) };
}

/**
 * Asks for one offer after the other: pulling images side by side would only make each slower.
 * Without an offer the source is not one for such servers at all.
 */
export async function offers(
  kinds: readonly ServerKind[],
  offer: (kind: ServerKind) => Offer | undefined | Promise<Offer | undefined>,
): Promise<ReadonlyMap<ServerKind, Offer>> {
  const all = new Map<ServerKind, Offer>();
  for (const kind of kinds) {
    const found = await offer(kind);
    if (found) all.set(kind, found);
  }
  return all;
}
