import type { Backend, Depth, Envelope, Incoming, Place, Route, Subscription } from '#messaging';

import { Random } from '../emulator/generate/random.js';

/** How long deliveries are gathered to be shuffled, milliseconds. */
const GATHER_MS = 2;

/**
 * A backend that hands out every message twice, the second time after the first was acknowledged, and all in an order
 * of chance: at-least-once delivery at its worst. The same seed gives the same choices.
 */
export class Disorder implements Backend {
  private readonly luck: Random;
  private handedOutAgain = 0;

  constructor(
    private readonly inner: Backend,
    options: { readonly seed: number },
  ) {
    this.luck = new Random(options.seed, 'faults', 0);
  }

  get tally() {
    return this.inner.tally;
  }

  /** Messages handed out a second time so far. */
  get repeated(): number {
    return this.handedOutAgain;
  }

  get compress() {
    return this.inner.compress;
  }

  publish(route: Route, place: Place, envelope: Envelope, signal: AbortSignal): Promise<void> {
    return this.inner.publish(route, place, envelope, signal);
  }

  request(question: Envelope, signal: AbortSignal): Promise<Envelope> {
    return this.inner.request(question, signal);
  }

  consume(route: Route, prefetch: number, take: (incoming: Incoming) => void): Promise<Subscription> {
    if (route.stage === 'questions') return this.inner.consume(route, prefetch, take);
    const gathered: Incoming[] = [];
    const handOut = () => {
      const [next] = gathered.splice(this.luck.below(gathered.length), 1);
      if (next) take(next);
    };
    const gather = (incoming: Incoming) => {
      gathered.push(incoming);
      setTimeout(handOut, GATHER_MS);
    };
    const again = (incoming: Incoming) => {
      this.handedOutAgain += 1;
      gather(incoming);
    };
    return this.inner.consume(route, prefetch * 4, (incoming) => gather({ ...incoming, ack: () => again(incoming) }));
  }

  depth(): Promise<Depth[]> {
    return this.inner.depth();
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
