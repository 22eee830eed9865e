/**
 * One answer about one document of one key. `hash` tells contents apart; that of a confirmed deletion is greater
 * than any other.
 */
export interface Edition {
  readonly version: number;
  readonly hash: string;
}

/**
 * The rule by which the warehouse stays the same in whatever order, and however often, editions arrive: the greater
 * version wins, of one version the greater hash. An edition does not replace itself.
 */
export function supersedes(next: Edition, stored: Edition | null | undefined): boolean {
  if (!stored || next.version !== stored.version) return !stored || next.version > stored.version;
  return next.hash > stored.hash;
}

/** Folds editions by name into those known; where one replaces another, the whole entry does. */
export function fold<T extends Edition>(known: ReadonlyMap<string, T>, next: ReadonlyMap<string, T>): Map<string, T> {
  const folded = new Map(known);
  for (const [name, edition] of next) {
    if (supersedes(edition, folded.get(name))) folded.set(name, edition);
  }
  return folded;
}
