import type { Envelope, Incoming, Route } from '../backend.js';

export interface QueueLimits {
  readonly bytes: number;
  readonly messages: number;
  /** Milliseconds before what was set aside comes back. */
  readonly waitMs: number;
  /** Dead letters kept; the oldest go first. */
  readonly dead: number;
}

interface Sender {
  readonly envelope: Envelope;
  readonly keep: () => void;
  readonly refuse: (reason: Error) => void;
}

/** A bounded queue in memory with what lies beside it: waiting, come again, dead. */
export class MemoryQueue {
  readonly dead: Envelope[] = [];
  private readonly ready: Envelope[] = [];
  private readonly again: Envelope[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly senders: Sender[] = [];
  private readonly inHand = { work: 0, again: 0 };
  /** Of the work queue, in hand included: what bounds the process's memory. */
  private held = { bytes: 0, messages: 0 };
  private consumer: { prefetch: number; take: (incoming: Incoming) => void } | undefined;
  private paused = false;
  private closed: Error | undefined;
  private pumping = false;

  constructor(
    readonly route: Route,
    private readonly limits: QueueLimits,
    private readonly moved: () => void,
  ) {}

  get counts() {
    return {
      work: this.ready.length,
      inHand: this.inHand.work + this.inHand.again,
      wait: this.timers.size,
      again: this.again.length,
      dead: this.dead.length,
      consumers: this.consumer && !this.paused ? 1 : 0,
    };
  }

  get isIdle(): boolean {
    const { work, inHand, wait, again } = this.counts;
    return work + inHand + wait + again + this.senders.length === 0;
  }

  /** Resolves once there is room: at once for a queue that holds nothing, however long the message. */
  put(envelope: Envelope, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => sender.refuse(signal.reason as Error);
      const sender: Sender = {
        envelope,
        keep: () => {
          signal.removeEventListener('abort', leave);
          resolve();
        },
        refuse: (reason) => {
          signal.removeEventListener('abort', leave);
          this.senders.splice(this.senders.indexOf(sender), 1);
          reject(reason);
        },
      };
      this.senders.push(sender);
      signal.addEventListener('abort', leave, { once: true });
      if (signal.aborted) leave();
      else if (this.closed) sender.refuse(this.closed);
      else this.admit();
    });
  }

  setAside(envelope: Envelope): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.comeAgain(envelope);
    }, this.limits.waitMs);
    this.timers.add(timer);
  }

  comeAgain(envelope: Envelope): void {
    this.again.push(envelope);
    this.pump();
  }

  bury(envelope: Envelope): void {
    this.dead.push(envelope);
    if (this.dead.length > this.limits.dead) this.dead.shift();
  }

  consume(prefetch: number, take: (incoming: Incoming) => void): void {
    if (this.consumer) throw new Error(`${this.route.stage} has a consumer already`);
    this.consumer = { prefetch, take };
    this.paused = false;
    this.pump();
  }

  stop(): void {
    this.consumer = undefined;
  }

  setPaused(paused: boolean): void {
    this.paused = paused;
    this.pump();
  }

  /** Drops what was set aside, for nothing of this survives the process anyway, and refuses who waits to publish. */
  close(reason: Error): void {
    this.closed = reason;
    this.stop();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    for (const sender of [...this.senders]) sender.refuse(reason);
  }

  private admit(): void {
    for (let next = this.senders[0]; next && this.hasRoom(next.envelope.body.length); next = this.senders[0]) {
      this.senders.shift();
      this.held.bytes += next.envelope.body.length;
      this.held.messages += 1;
      this.ready.push(next.envelope);
      next.keep();
    }
    this.pump();
  }

  private hasRoom(bytes: number): boolean {
    const { messages } = this.held;
    return messages === 0 || (messages < this.limits.messages && this.held.bytes + bytes <= this.limits.bytes);
  }

  /** Hands out on a later turn of the event loop, as a broker would: never within `put`. */
  private pump(): void {
    if (this.pumping) return;
    this.pumping = true;
    setImmediate(() => {
      this.pumping = false;
      this.handOut('again');
      this.handOut('work');
      this.moved();
    });
  }

  private handOut(from: 'work' | 'again'): void {
    const source = from === 'work' ? this.ready : this.again;
    while (this.consumer && !this.paused && this.inHand[from] < this.consumer.prefetch) {
      const envelope = source.shift();
      if (!envelope) return;
      this.inHand[from] += 1;
      this.consumer.take({ route: this.route, envelope, deliveries: 1, ack: this.once(from, envelope.body.length) });
    }
  }

  private once(from: 'work' | 'again', bytes: number): () => void {
    let acked = false;
    return () => {
      if (acked) return;
      acked = true;
      this.inHand[from] -= 1;
      if (from === 'work') {
        this.held.bytes -= bytes;
        this.held.messages -= 1;
      }
      this.admit();
    };
  }
}
