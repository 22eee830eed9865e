import type { Lane } from '#contracts';
import { nextLane } from '#messaging';

const FIRST = 8;

interface Waiting {
  readonly lane: Lane;
  readonly grant: () => void;
}

/** Leave to have one request in flight. */
export interface Permit {
  /** ET answered well. */
  succeeded(): void;
  /** ET answered 429 or 5xx: fewer at a time from now on. */
  throttled(): void;
  release(): void;
}

/**
 * How many requests may be in flight at once: additive increase, multiplicative decrease. Starts at 8; grows by one
 * an answer until the first trouble and by one a round afterwards; is halved once a round, however many answers of
 * that round complain. Backfill always leaves a quarter, at least one, to the live lane; where there is only one
 * permit, the lanes take turns, live first.
 */
export class Permits {
  private readonly most: number;
  private limit: number;
  private ceiling: number;
  private readonly inFlight: Record<Lane, number> = { live: 0, backfill: 0 };
  private readonly waiting: Record<Lane, Waiting[]> = { live: [], backfill: [] };
  private readonly waitedMs: Record<Lane, number> = { live: 0, backfill: 0 };
  private lastLane: Lane = 'backfill';
  private granted = 0;
  private roundEnds = 0;
  private pausedUntilMs = 0;
  private wake: NodeJS.Timeout | undefined;

  constructor(most: number) {
    this.most = most;
    this.limit = Math.min(FIRST, most);
    this.ceiling = most;
  }

  /** Waits for its turn. Rejects with the signal's reason when that is aborted before. */
  async acquire(lane: Lane, signal?: AbortSignal): Promise<Permit> {
    signal?.throwIfAborted();
    const asked = performance.now();
    await new Promise<void>((resolve, reject) => {
      const abandon = () => {
        this.waiting[lane] = this.waiting[lane].filter((other) => other !== waiting);
        reject(signal?.reason instanceof Error ? signal.reason : new Error('aborted'));
      };
      const waiting: Waiting = {
        lane,
        grant: () => {
          signal?.removeEventListener('abort', abandon);
          resolve();
        },
      };
      signal?.addEventListener('abort', abandon, { once: true });
      this.waiting[lane].push(waiting);
      this.grantWaiting();
    });
    this.waitedMs[lane] += performance.now() - asked;
    return this.permit(lane);
  }

  /** Nothing starts for that long: what a `Retry-After` asks of the client as a whole. */
  pause(ms: number): void {
    this.pausedUntilMs = Math.max(this.pausedUntilMs, Date.now() + ms);
  }

  /** Requests in flight, how many may be, and for how long those sent so far have waited for their turn. */
  figures(): { inFlight: number; limit: number; waitedMs: Readonly<Record<Lane, number>> } {
    const { inFlight, waitedMs } = this;
    return { inFlight: inFlight.live + inFlight.backfill, limit: Math.floor(this.limit), waitedMs };
  }

  private permit(lane: Lane): Permit {
    const number = ++this.granted;
    let held = true;
    return {
      succeeded: () => this.grow(),
      throttled: () => this.shrink(number),
      release: () => {
        if (!held) return;
        held = false;
        this.inFlight[lane]--;
        this.grantWaiting();
      },
    };
  }

  /** Only while the permits are used: an idle client learns nothing about what ET can take. */
  private grow(): void {
    if (this.figures().inFlight * 2 < this.limit) return;
    this.limit = Math.min(this.most, this.limit + (this.limit < this.ceiling ? 1 : 1 / this.limit));
  }

  private shrink(number: number): void {
    if (number <= this.roundEnds) return;
    this.roundEnds = this.granted;
    this.limit = Math.max(1, this.limit / 2);
    this.ceiling = this.limit;
  }

  private grantWaiting(): void {
    const restMs = this.pausedUntilMs - Date.now();
    if (restMs > 0) {
      this.wakeIn(restMs);
      return;
    }
    for (let lane = this.next(); lane !== undefined; lane = this.next()) {
      this.inFlight[lane]++;
      this.lastLane = lane;
      this.waiting[lane].shift()?.grant();
    }
  }

  private next(): Lane | undefined {
    const { inFlight: held, waiting } = this;
    const turn = this.lastLane === 'live' ? 'backfill' : 'live';
    const wanted = { live: waiting.live.length > 0, backfill: waiting.backfill.length > 0 };
    return nextLane({ places: this.figures().limit, held, wanted, turn });
  }

  private wakeIn(ms: number): void {
    if (this.wake) return;
    this.wake = setTimeout(() => {
      this.wake = undefined;
      this.grantWaiting();
    }, ms);
  }
}
