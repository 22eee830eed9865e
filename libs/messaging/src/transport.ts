import { setTimeout as sleep } from 'node:timers/promises';

import { lanes, MAX_ATTEMPTS, stages, type Lane, type Stage } from '#contracts';
import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';

import type { Backend, Route } from './backend.js';
import type { BreakerOptions, Probes } from './breaker.js';
import { Breakers } from './breakers.js';
import { Consumer, type Handler } from './consumer.js';
import { newerReader } from './contract-version.js';
import { TransientError } from './failures.js';
import { backfillPlaces } from './lane-places.js';
import type { Log } from './log.js';
import type { Outcome } from './settlement.js';
import type { Awaited } from './waits.js';

export interface TransportOptions {
  readonly logger: Log;
  /** Handlers at work at the same time, by stage and lane; the backfill lane gets a quarter less, but one at least. */
  readonly concurrency?: Partial<Record<Stage, number>>;
  /** Milliseconds between being told to stop and the end of the process. */
  readonly graceMs?: number;
  readonly maxAttempts?: number;
  /** Milliseconds a message may be held without its handler publishing anything. */
  readonly holdMs?: number;
  /** Milliseconds before the first probe of what is away, and at most between two. */
  readonly probePauses?: BreakerOptions['pauses'];
}

const SLOTS = 4;
const GRACE_MS = 30_000;
const HOLD_MS = 10 * 60_000;

/** How the consumption of a route stands. */
export interface Consumption {
  readonly route: Route;
  /** Messages taken and not yet settled. */
  readonly inHand: number;
  readonly paused: boolean;
}

/** Nobody can tell whether a newer reader is there: this one pauses, so that it can have them, and looks again. */
const OTHERS_MAY_HAVE = 'looking whether messages of this version have come';
/** Before the process ends: time to give back what is unfinished. */
const GIVE_BACK_MS = 5_000;

/**
 * Consumes the queues of every stage that has a handler (`@EventPattern('<stage>')`, `@MessagePattern('questions')`),
 * both lanes each. A handler gets `(body: Message<S>, delivery: Delivery)`; it returns when the work is done and
 * throws otherwise: `classifyFailure` says what then becomes of the message.
 */
export class Transport extends Server implements CustomTransportStrategy {
  /** Failures come to `call` below; Nest need not log them as well. */
  override readonly propagatesEventHandlerErrors = true;
  private readonly ending = new AbortController();
  private readonly breakers: Breakers;
  private consumers: Consumer[] = [];
  private closed: Promise<void> | undefined;

  constructor(
    private readonly backend: Backend,
    private readonly options: TransportOptions,
  ) {
    super();
    const consumers = () => this.consumers;
    this.breakers = new Breakers({ backend, consumers, logger: options.logger, pauses: options.probePauses });
  }

  async listen(callback: (error?: unknown) => void): Promise<void> {
    try {
      this.consumers = [...this.getHandlers()].flatMap(([pattern, handler]) => this.consumersOf(pattern, handler));
      for (const consumer of this.consumers) await consumer.start();
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** From now on, while one of these is away, nothing is taken of the stages that need it; once it is back, all goes on. */
  watch(probes: Probes): void {
    this.breakers.watch(probes);
  }

  /** Asks after all that is watched, so that what is away already is waited for before messages find it out. */
  async check(): Promise<void> {
    await this.breakers.check();
  }

  /** What is waited for; empty where nothing is away. */
  awaited(): Awaited[] {
    return this.breakers.awaited();
  }

  /** Everything that is or will be probed once it is found away. */
  watched(): string[] {
    return this.breakers.watched();
  }

  consumption(): Consumption[] {
    return this.consumers.map(({ route, held, isPaused }) => ({ route, inHand: held, paused: isPaused }));
  }

  /** Stops taking messages of a stage (of all stages); those in hand are finished. */
  async pause(stage?: Stage): Promise<void> {
    await Promise.all(this.of(stage).map((consumer) => consumer.pause()));
  }

  async resume(stage?: Stage): Promise<void> {
    await Promise.all(this.of(stage).map((consumer) => consumer.resume()));
  }

  /**
   * Stops taking, lets handlers finish, gives back what is unfinished five seconds before the grace period is over.
   * The backend stays open: who made it closes it.
   */
  close(): Promise<void> {
    this.closed ??= this.drain(this.options.graceMs ?? GRACE_MS);
    return this.closed;
  }

  /** There are no events beside the messages. */
  override on(): never {
    throw new Error('the transport has no events to listen to');
  }

  override unwrap<T>(): T {
    return this.backend as T;
  }

  private async drain(graceMs: number): Promise<void> {
    await this.breakers.stop();
    await this.pause();
    if (!(await this.idleWithin(graceMs - GIVE_BACK_MS))) {
      for (const consumer of this.consumers) {
        consumer.interrupt(new TransientError('the service is stopping', { outside: true }));
      }
      await this.idleWithin(Math.min(graceMs, GIVE_BACK_MS) * 0.8);
      this.ending.abort(new TransientError('the service has stopped', { outside: true }));
    }
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
  }

  private async idleWithin(ms: number): Promise<boolean> {
    const stop = new AbortController();
    const idle = Promise.all(this.consumers.map((consumer) => consumer.idle())).then(() => true);
    const late = sleep(Math.max(0, ms), false, { signal: stop.signal }).catch(() => false);
    return Promise.race([idle, late]).finally(() => stop.abort());
  }

  private of(stage: Stage | undefined): Consumer[] {
    return this.consumers.filter(({ route }) => stage === undefined || route.stage === stage);
  }

  private consumersOf(pattern: string, handler: MessageHandler): Consumer[] {
    const known = stages.find(({ stage }) => stage === pattern);
    if (!known) throw new Error(`there is no stage '${pattern}': a handler names one of topology.ts`);
    const { stage, laned, reply } = known;
    const lookAgain = { stages: [stage], ask: async () => undefined, over: OTHERS_MAY_HAVE };
    // Whoever asks a question hears that it was not understood, and asks again.
    if (!reply) this.watch({ [newerReader(stage)]: lookAgain });
    return (laned ? lanes : [null]).map(
      (lane) =>
        new Consumer({ stage, lane }, (body, delivery) => call(handler, body, delivery), this.settings(stage, lane)),
    );
  }

  private settings(stage: Stage, lane: Lane | null) {
    const { concurrency, maxAttempts = MAX_ATTEMPTS, holdMs = HOLD_MS, logger } = this.options;
    const most = Math.max(1, concurrency?.[stage] ?? SLOTS);
    const slots = lane === 'backfill' ? backfillPlaces(most) : most;
    const ended = (outcome: Outcome) => this.breakers.ended({ stage, lane }, outcome);
    return { backend: this.backend, logger, ending: this.ending.signal, slots, maxAttempts, holdMs, ended };
  }
}

/** Nest gives a failure back as an Observable, through the filter that keeps the error as it is. */
const call = async (handler: MessageHandler, ...[body, delivery]: Parameters<Handler>): Promise<unknown> => {
  const result: unknown = await handler(body, delivery);
  return isObservable(result) ? lastValueFrom(result, { defaultValue: undefined }) : result;
};
