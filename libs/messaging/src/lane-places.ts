import type { Lane } from '#contracts';

/** Places that both lanes share: who holds some, who wants one, and whose turn it is where there is only one. */
export interface SharedPlaces {
  readonly places: number;
  readonly held: Readonly<Record<Lane, number>>;
  readonly wanted: Readonly<Record<Lane, boolean>>;
  readonly turn: Lane;
}

/** How many of so many places the backfill lane may hold: it leaves a quarter, at least one, to the live lane. */
export function backfillPlaces(places: number): number {
  return Math.max(1, places - Math.ceil(places / 4));
}

/**
 * The lane that gets the next place: live where it wants one, else backfill within its share. Where there is only one
 * place the lanes take turns, live first. Undefined where none is free for who wants one.
 */
export function nextLane({ places, held, wanted, turn }: SharedPlaces): Lane | undefined {
  if (held.live + held.backfill >= places) return undefined;
  const backfill = wanted.backfill && held.backfill < backfillPlaces(places);
  if (wanted.live && !(places === 1 && backfill && turn === 'backfill')) return 'live';
  return backfill ? 'backfill' : undefined;
}

/** A fixed number of places; within a lane who came first goes first. */
export class LanePlaces {
  private readonly held = { live: 0, backfill: 0 };
  private readonly waiting: Record<Lane, (() => void)[]> = { live: [], backfill: [] };
  /** Live work that goes before the next turn of backfill: what waited when that gave its place back, one at least. */
  private ahead = 1;

  constructor(private readonly places: number) {}

  /** Does the work once it has a place, and gives the place back whatever becomes of it. */
  async holding<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((resolve) => {
      this.waiting[lane].push(resolve);
      this.admit();
    });
    try {
      return await work();
    } finally {
      this.held[lane] -= 1;
      // Turns of one each would let live work, which comes in many small parts, wait for a long one after each.
      if (lane === 'backfill') this.ahead = Math.max(1, this.waiting.live.length);
      this.admit();
    }
  }

  private admit(): void {
    for (let lane = this.next(); lane; lane = this.next()) {
      this.held[lane] += 1;
      if (lane === 'live') this.ahead -= 1;
      this.waiting[lane].shift()?.();
    }
  }

  private next(): Lane | undefined {
    const { places, held, waiting } = this;
    const wanted = { live: waiting.live.length > 0, backfill: waiting.backfill.length > 0 };
    return nextLane({ places, held, wanted, turn: this.ahead > 0 ? 'live' : 'backfill' });
  }
}
