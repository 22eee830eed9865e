import { lanes, queueOf, stages, WAIT_MS } from '#contracts';

import type { Backend, Depth, Envelope, Incoming, Place, Route, Subscription } from '../backend.js';
import { deadLetterOf, type DeadLetter } from '../dead-letters.js';
import { FullQueueError, TransientError } from '../failures.js';
import { Tally } from '../tally.js';
import { backoff, orAborted, pause } from '../waiting.js';
import { MemoryQueue } from './memory-queue.js';

export interface MemoryOptions {
  /** Bytes of messages in all; every queue has an equal share. */
  readonly bytes?: number;
  /** Milliseconds before a message that was set aside comes back. */
  readonly waitMs?: number;
  /** Messages a queue holds before publishers have to wait. */
  readonly maxMessages?: number;
  /** Dead letters kept per queue. */
  readonly maxDead?: number;
  /** Keeps dead letters where they outlive the process, instead of here; tried until it succeeds. */
  readonly bury?: (route: Route, envelope: Envelope) => Promise<void>;
}

const BYTES = 64 * 1024 * 1024;
const MAX_DEAD = 1000;
const BURY_AGAIN = { first: 100, most: 5_000 } as const;

/**
 * All queues in one process, with the semantics of the broker but nothing kept on disk: what was in hand at a crash is
 * dispatched again from the ledger.
 */
export class MemoryBackend implements Backend {
  readonly tally = new Tally();
  readonly compress = false;
  private readonly queues: ReadonlyMap<string, MemoryQueue>;
  private readonly idleWaiters = new Set<() => void>();
  private answering: ((incoming: Incoming) => void) | undefined;

  constructor(private readonly options: MemoryOptions = {}) {
    const routes = stages
      .filter(({ reply }) => !reply)
      .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane): Route => ({ stage, lane })));
    const limits = {
      bytes: (options.bytes ?? BYTES) / routes.length,
      messages: options.maxMessages ?? Infinity,
      waitMs: options.waitMs ?? WAIT_MS,
      dead: options.maxDead ?? MAX_DEAD,
    };
    const moved = () => this.wakeIdle();
    this.queues = new Map(
      routes.map((route) => [queueOf(route.stage, route.lane), new MemoryQueue(route, limits, moved)]),
    );
  }

  async publish(route: Route, place: Place, envelope: Envelope, signal: AbortSignal): Promise<void> {
    const queue = this.queue(route);
    switch (place) {
      case 'wait':
        return queue.setAside(envelope);
      case 'again':
        return queue.comeAgain(envelope);
      case 'dead':
        return this.options.bury ? this.bury(route, envelope, signal) : queue.bury(envelope);
      case 'work':
        try {
          return await queue.put(envelope, signal);
        } catch (cause) {
          if (!signal.aborted) throw cause;
          throw new FullQueueError(route, { cause });
        }
    }
  }

  async request(question: Envelope, signal: AbortSignal): Promise<Envelope> {
    const { answering } = this;
    if (!answering) throw new TransientError('nobody answers questions yet', { outside: true });
    const answer = new Promise<Envelope>((resolve) => {
      setImmediate(answering, {
        route: { stage: 'questions', lane: null },
        envelope: question,
        deliveries: 1,
        ack: () => undefined,
        reply: async (envelope) => resolve(envelope),
      } satisfies Incoming);
    });
    return orAborted(answer, signal);
  }

  async consume(route: Route, prefetch: number, take: (incoming: Incoming) => void): Promise<Subscription> {
    if (route.stage === 'questions') return this.answer(take);
    const queue = this.queue(route);
    queue.consume(prefetch, take);
    return {
      pause: async () => queue.setPaused(true),
      resume: async () => queue.setPaused(false),
      close: async () => queue.stop(),
    };
  }

  async depth(): Promise<Depth[]> {
    return [...this.queues].map(([queue, { route, counts }]) => ({ queue, ...route, ...counts }));
  }

  /** Dead letters that are kept here, oldest first within a queue. */
  deadLetters(): DeadLetter[] {
    return [...this.queues.values()].flatMap(({ route, dead }) =>
      dead.map((envelope) => deadLetterOf(route, envelope)),
    );
  }

  /** Resolves once no message is queued, in hand or waiting, and nobody waits to publish. */
  async idle(): Promise<void> {
    while ([...this.queues.values()].some((queue) => !queue.isIdle)) {
      await new Promise<void>((resolve) => this.idleWaiters.add(resolve));
    }
  }

  async close(): Promise<void> {
    const reason = new TransientError('the queues are closed', { outside: true });
    for (const queue of this.queues.values()) queue.close(reason);
    this.wakeIdle();
  }

  private async bury(route: Route, envelope: Envelope, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.options.bury?.(route, envelope);
      } catch (cause) {
        if (signal.aborted) throw new TransientError('a dead letter could not be kept', { cause, outside: true });
        await pause(backoff(attempt, BURY_AGAIN.first, BURY_AGAIN.most), signal).catch(() => undefined);
      }
    }
  }

  private answer(take: (incoming: Incoming) => void): Subscription {
    const set = (to: typeof take | undefined) => async () => {
      this.answering = to;
    };
    this.answering = take;
    return { pause: set(undefined), resume: set(take), close: set(undefined) };
  }

  private queue({ stage, lane }: Route): MemoryQueue {
    const name = queueOf(stage, lane);
    const queue = this.queues.get(name);
    if (!queue) throw new Error(`there is no queue ${name}: lanes as in topology.ts?`);
    return queue;
  }

  private wakeIdle(): void {
    for (const wake of this.idleWaiters) wake();
    this.idleWaiters.clear();
  }
}
