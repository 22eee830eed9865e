import type { Lane } from '#contracts';

/** Places that both lanes share: who holds some, who wants one, and who was given one last. */
export interface SharedPlaces {
  readonly places: number;
  readonly held: Readonly<Record<Lane, number>>;
  readonly wanted: Readonly<Record<Lane, boolean>>;
  readonly last: Lane;
}

/** How many of so many places the backfill lane may hold: it leaves a quarter, at least one, to the live lane. */
export function backfillPlaces(places: number): number {
  return Math.max(1, places - Math.ceil(places / 4));
}

/**
 * Whose turn it is: the live lane's where it wants a place, else the backfill lane's within its share. Where there is
 * only one place the lanes take turns, live first. Undefined where none is free for who wants one.
 */
export function nextLane({ places, held, wanted, last }: SharedPlaces): Lane | undefined {
  if (held.live + held.backfill >= places) return undefined;
  const backfill = wanted.backfill && held.backfill < backfillPlaces(places);
  if (wanted.live && !(places === 1 && backfill && last === 'live')) return 'live';
  return backfill ? 'backfill' : undefined;
}

/** A fixed number of places; within a lane who came first goes first. */
export class LanePlaces {
  private readonly held = { live: 0, backfill: 0 };
  private readonly waiting: Record<Lane, (() => void)[]> = { live: [], backfill: [] };
  private last: Lane = 'backfill';

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
      this.admit();
    }
  }

  private admit(): void {
    for (let lane = this.next(); lane; lane = this.next()) {
      this.held[lane] += 1;
      this.last = lane;
      this.waiting[lane].shift()?.();
    }
  }

  private next(): Lane | undefined {
    const { places, held, last, waiting } = this;
    const wanted = { live: waiting.live.length > 0, backfill: waiting.backfill.length > 0 };
    return nextLane({ places, held, wanted, last });
  }
}
