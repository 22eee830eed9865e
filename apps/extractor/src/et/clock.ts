const SECOND_MS = 1000;
/** A `Date` header further off than this is not believed: versions it made could never be replaced. */
const FARTHEST_MS = 24 * 3600 * SECOND_MS;

/** The moment a request was sent: its version, and what was known of ET's clock then. */
export interface Sent {
  /** Microseconds since 1970 on ET's clock, strictly rising within the process. */
  readonly version: number;
  readonly atMs: number;
  readonly offsetMs: number;
}

/**
 * Document versions: the local clock corrected by its offset to ET's. A `Date` header has a resolution of one second
 * and the answer took a round trip, so the offset is only known as an interval; the one in use moves no further than
 * into it. Replicas whose clocks differ so agree to within 1-2 s.
 */
export class EtClock {
  private offsetMs = 0;
  private last = 0;
  private readonly localMs: () => number;

  constructor(localMs: () => number = Date.now) {
    this.localMs = localMs;
  }

  send(): Sent {
    const atMs = this.localMs();
    this.last = Math.max(this.last + 1, Math.round((atMs + this.offsetMs) * 1000));
    return { version: this.last, atMs, offsetMs: this.offsetMs };
  }

  /**
   * Learns from an answer's `Date` header. True where the request was sent under an offset more than `toleranceMs`
   * wrong, so that its version misleads and it should be asked again.
   */
  learn(sent: Sent, dateHeader: unknown, toleranceMs = 2 * SECOND_MS): boolean {
    const date = typeof dateHeader === 'string' ? Date.parse(dateHeader) : Number.NaN;
    if (Number.isNaN(date)) return false;
    const least = date - this.localMs();
    const greatest = date + SECOND_MS - sent.atMs;
    if (Math.abs(least) > FARTHEST_MS || least > greatest) return false;
    this.offsetMs = Math.min(Math.max(this.offsetMs, least), greatest);
    return Math.abs(this.offsetMs - sent.offsetMs) > toleranceMs;
  }
}
