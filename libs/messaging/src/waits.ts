import { reasonOf } from './settlement.js';

/** What a service waits for. */
export interface Awaited {
  readonly what: string;
  readonly since: Date;
  /** Why it was last found away, with what an operator can do. */
  readonly reason: string;
}

/** What a service waits for before it can begin, as its parts tell it. */
export class Waits {
  private readonly waits = new Map<string, Awaited>();

  /** It was found away, perhaps once more. */
  add(what: string, error: unknown): void {
    this.waits.set(what, { what, since: this.waits.get(what)?.since ?? new Date(), reason: reasonOf(error) });
  }

  over(what: string): void {
    this.waits.delete(what);
  }

  list(): Awaited[] {
    return [...this.waits.values()];
  }
}
