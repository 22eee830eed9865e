import type { Lane, Stage } from '#contracts';

import type { Tally } from './tally.js';

/** The work queue of a stage; `lane` is null for stages without lanes. */
export interface Route {
  readonly stage: Stage;
  readonly lane: Lane | null;
}

/**
 * The work queue itself, `wait` (comes back to the consumer after a while), `again` (what has come back; without a
 * limit, and for those who may not publish to the work queue), or `dead` (kept for a person).
 */
export type Place = 'work' | 'wait' | 'again' | 'dead';

/** A message as a backend carries it. Always bytes, so that no two consumers ever share an object. */
export interface Envelope {
  readonly messageId: string;
  /** JSON, packed as `contentEncoding` says. */
  readonly body: Buffer;
  readonly contentEncoding: string | undefined;
  /** The run it belongs to; between a question and its answer, what joins them. */
  readonly correlationId: string | undefined;
  /** 0 at first; retries count up. */
  readonly attempt: number;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** A message handed to a consumer, who keeps it until it acknowledges. */
export interface Incoming {
  readonly route: Route;
  readonly envelope: Envelope;
  /** How often it was handed out without being acknowledged, this time included. */
  readonly deliveries: number;
  /** Takes it off its queue. Never throws: over a lost channel the message just comes again. */
  ack(): void;
  /** Present where the sender waits for an answer. */
  readonly reply?: (answer: Envelope) => Promise<void>;
}

/** Consumption of one route. Messages in hand stay in hand while it is paused. */
export interface Subscription {
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): Promise<void>;
}

/** Messages that lie in a route's queues. */
export interface Depth extends Route {
  readonly queue: string;
  /** Of the work queue, without those that consumers have in hand. */
  readonly work: number;
  /** Those; null where the broker does not tell. */
  readonly inHand: number | null;
  readonly wait: number;
  readonly again: number;
  readonly dead: number;
  /** Who takes messages of the work queue at this moment: a paused one does not count. */
  readonly consumers: number;
}

/** What the transport strategy and the publisher need of a broker. */
export interface Backend {
  readonly tally: Tally;
  /** Whether bodies are worth compressing: they leave the process. */
  readonly compress: boolean;
  /**
   * Resolves once the message is safely kept; until then waits and tries again, whether the queue is full or the
   * broker away. Once `signal` aborts it throws `TransientError` with `outside`; the message may be kept all the same.
   */
  publish(route: Route, place: Place, envelope: Envelope, signal: AbortSignal): Promise<void>;
  /** Puts a question and resolves with the reply; rejects once `signal` aborts or the question is known to be lost. */
  request(question: Envelope, signal: AbortSignal): Promise<Envelope>;
  /** Hands out messages of the work queue and of what comes back from waiting, at most `prefetch` of each in hand. */
  consume(route: Route, prefetch: number, take: (incoming: Incoming) => void): Promise<Subscription>;
  /** Routes whose queues were never declared are left out. Rejects where the broker does not answer within seconds. */
  depth(): Promise<Depth[]>;
  close(): Promise<void>;
}
