import type { Incoming, Route, Subscription } from './backend.js';
import { unpack } from './codec.js';
import { checkVersion } from './contract-version.js';
import { decode } from './decode.js';
import { InHand } from './in-hand.js';
import type { Delivery } from './publisher.js';
import { respond, settle, type Settling } from './settle.js';
import { outcomeOf, type Outcome } from './settlement.js';
import { Slots } from './slots.js';

export type Handler = (body: unknown, delivery: Delivery) => Promise<unknown>;

export interface ConsumerOptions extends Settling {
  /** Handlers at work at the same time. */
  readonly slots: number;
  readonly maxAttempts: number;
  /** Milliseconds a message may be held without progress. */
  readonly holdMs: number;
  /** Told how each message ended, before it is settled. */
  readonly ended: (outcome: Outcome) => void;
}

/** A message that killed its consumer twice is given all slots, so that it takes no neighbour with it again. */
const ALONE_FROM_DELIVERY = 3;

/** Consumes one route: takes messages, runs the handler, and has each settled exactly once. */
export class Consumer {
  private readonly slots: Slots;
  private readonly inHand = new Map<string, InHand>();
  private readonly idleWaiters: (() => void)[] = [];
  private subscription: Subscription | undefined;
  private taking = 0;
  private paused = false;

  constructor(
    readonly route: Route,
    private readonly handler: Handler,
    private readonly options: ConsumerOptions,
  ) {
    this.slots = new Slots(options.slots);
  }

  async start(): Promise<void> {
    const { backend, slots, logger } = this.options;
    this.subscription = await backend.consume(this.route, slots, (incoming) => {
      backend.tally.add(this.route, 'delivered');
      this.take(incoming).catch((error: unknown) => {
        const { messageId } = incoming.envelope;
        logger.error({ ...this.route, messageId, error }, 'message left to the broker, which hands it out again');
      });
    });
  }

  /** Messages taken and not yet settled. */
  get held(): number {
    return this.taking;
  }

  get isPaused(): boolean {
    return this.paused;
  }

  async pause(): Promise<void> {
    this.paused = true;
    await this.subscription?.pause();
  }

  async resume(): Promise<void> {
    this.paused = false;
    await this.subscription?.resume();
  }

  async close(): Promise<void> {
    await this.subscription?.close();
  }

  /** Resolves once nothing is in hand. */
  idle(): Promise<void> {
    return this.taking === 0 ? Promise.resolve() : new Promise((resolve) => this.idleWaiters.push(resolve));
  }

  /** Gives back everything in hand, begun or not. */
  interrupt(reason: Error): void {
    for (const message of this.inHand.values()) message.abort(reason);
  }

  private async take(incoming: Incoming): Promise<void> {
    const { messageId } = incoming.envelope;
    this.taking += 1;
    try {
      // After a lost channel the broker hands out again what is still being handled here: it waits for that to end.
      // Nothing may be awaited between finding none in hand and `work`, which takes it in hand.
      for (let first = this.inHand.get(messageId); first; first = this.inHand.get(messageId)) {
        if (await first.settled) return incoming.ack();
      }
      await this.work(incoming);
    } finally {
      this.taking -= 1;
      if (this.taking === 0) for (const wake of this.idleWaiters.splice(0)) wake();
    }
  }

  private async work(incoming: Incoming): Promise<void> {
    const { messageId } = incoming.envelope;
    const message = new InHand(this.options.holdMs);
    this.inHand.set(messageId, message);
    let settled = false;
    try {
      const outcome = await this.outcome(incoming, message);
      this.options.ended(outcome);
      await (this.route.stage === 'questions' ? respond : settle)(incoming, outcome, this.options);
      settled = true;
    } finally {
      this.inHand.delete(messageId);
      message.end(settled);
    }
  }

  private async outcome({ route, envelope, deliveries }: Incoming, message: InHand): Promise<Outcome> {
    const { messageId, attempt } = envelope;
    const { signal } = message;
    let release: (() => void) | undefined;
    try {
      release = await this.slots.acquire(deliveries < ALONE_FROM_DELIVERY ? 1 : this.slots.limit, signal);
      checkVersion(route.stage, envelope.headers);
      const body = decode(route.stage, await unpack(envelope.body, envelope.contentEncoding));
      const delivery: Delivery = { ...route, messageId, attempt, signal };
      return { kind: 'done', value: await message.run(() => this.handler(body, delivery)) };
    } catch (error) {
      return outcomeOf(error, attempt, this.options.maxAttempts);
    } finally {
      release?.();
    }
  }
}
