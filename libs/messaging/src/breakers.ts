import { queueOf } from '#contracts';

import type { Backend, Route } from './backend.js';
import { Breaker, type BreakerOptions, type Probe, type Probes } from './breaker.js';
import type { Consumer } from './consumer.js';
import { FullQueueError, TransientError } from './failures.js';
import type { Log } from './log.js';
import type { Outcome } from './settlement.js';
import type { Awaited } from './waits.js';

interface BreakersOptions {
  readonly backend: Pick<Backend, 'depth'>;
  readonly consumers: () => readonly Consumer[];
  readonly logger: Log;
  readonly pauses: BreakerOptions['pauses'];
}

/** A breaker, and which consumers cannot go on while it is tripped. */
interface Watched {
  readonly breaker: Breaker;
  readonly needing: (route: Route) => boolean;
}

/** The breakers of a process: of what is watched, and of each full queue somebody could not publish to. */
export class Breakers {
  private readonly all = new Map<string, Watched>();
  private stopping = false;

  constructor(private readonly options: BreakersOptions) {}

  watch(probes: Probes): void {
    for (const [what, { stages, ...probe }] of Object.entries(probes)) {
      this.add(what, probe, ({ stage }) => stages.includes(stage));
    }
  }

  async check(): Promise<void> {
    await Promise.all([...this.all.values()].map(({ breaker }) => breaker.check()));
  }

  awaited(): Awaited[] {
    return [...this.all.values()].flatMap(({ breaker }) => breaker.state ?? []);
  }

  watched(): string[] {
    return [...this.all.keys()];
  }

  /** How a message of the route ended. */
  ended(route: Route, outcome: Outcome): void {
    if (outcome.kind === 'done') {
      for (const { breaker, needing } of this.all.values()) if (needing(route)) breaker.proved();
    } else if (outcome.kind === 'park' && outcome.error instanceof TransientError) {
      this.breakerOf(route, outcome.error)?.trip(outcome.error);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.all.values()].map(({ breaker }) => breaker.stop()));
  }

  private breakerOf(route: Route, error: TransientError): Breaker | undefined {
    if (error instanceof FullQueueError) return this.stopping ? undefined : this.roomFor(route, error.queue);
    return error.away === undefined ? undefined : this.all.get(error.away)?.breaker;
  }

  /** While it is tripped nothing is taken of a route, because what becomes of its messages finds no room in a queue. */
  private roomFor(route: Route, queue: Route): Breaker {
    const name = queueOf(queue.stage, queue.lane);
    const what = `room in ${name} for ${queueOf(route.stage, route.lane)}`;
    const probe = { ask: roomProbe(this.options.backend, queue), over: `messages of ${name} are taken again` };
    return this.all.get(what)?.breaker ?? this.add(what, probe, (one) => isSame(one, route));
  }

  private add(what: string, probe: Omit<Probe, 'stages'>, needing: Watched['needing']): Breaker {
    const { consumers, logger, pauses } = this.options;
    const each = async (act: (consumer: Consumer) => Promise<void>): Promise<void> => {
      await Promise.all(
        consumers()
          .filter((consumer) => needing(consumer.route))
          .map(act),
      );
    };
    const breaker = new Breaker({
      what,
      logger,
      pause: () => each((consumer) => consumer.pause()),
      resume: () => each((consumer) => this.resumeUnlessAwaited(consumer)),
      ...probe,
      ...(pauses ? { pauses } : {}),
    });
    this.all.set(what, { breaker, needing });
    return breaker;
  }

  /** What a consumer needs beside it may be away still. */
  private async resumeUnlessAwaited(consumer: Consumer): Promise<void> {
    const waits = [...this.all.values()].some((one) => one.breaker.state && one.needing(consumer.route));
    if (!waits) await consumer.resume();
  }
}

/** Rejects until the queue is empty, or holds fewer messages than when it was asked before: somebody takes them. */
export function roomProbe(backend: Pick<Backend, 'depth'>, queue: Route): () => Promise<void> {
  let before = 0;
  return async () => {
    const depth = (await backend.depth()).find((one) => isSame(one, queue));
    const messages = depth ? depth.work + (depth.inHand ?? 0) : 0;
    const isTaken = messages < before;
    before = isTaken ? 0 : messages;
    if (messages > 0 && !isTaken) throw new Error(`${messages} messages lie in it, and none is taken`);
  };
}

function isSame(one: Route, other: Route): boolean {
  return one.stage === other.stage && one.lane === other.lane;
}
