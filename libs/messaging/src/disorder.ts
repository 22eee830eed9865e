import type { Backend, Depth, Envelope, Incoming, Place, Route, Subscription } from './backend.js';

/** How long deliveries are gathered to be shuffled, milliseconds. */
const GATHER_MS = 2;

/**
 * A backend that hands out every message twice, the second time after the first was acknowledged, and all in an order
 * of chance: at-least-once delivery at its worst, for tests. The same seed gives the same choices.
 */
export class Disorder implements Backend {
  private readonly random: () => number;
  private handedOutAgain = 0;

  constructor(
    private readonly inner: Backend,
    options: { readonly seed: number },
  ) {
    this.random = generator(options.seed);
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
      const [next] = gathered.splice(Math.floor(this.random() * gathered.length), 1);
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

/** Park and Miller's minimal standard generator: numbers in [0, 1). */
function generator(seed: number): () => number {
  let state = (Math.abs(Math.trunc(seed)) % 2147483646) + 1;
  return () => {
    state = (state * 48271) % 2147483647;
    return (state - 1) / 2147483646;
  };
}
