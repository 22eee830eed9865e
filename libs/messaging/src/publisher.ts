import type { Answer, Lane, Message, Question, Stage } from '#contracts';

/**
 * Publishes to one stage. A backend fulfils it; services inject this class. The returned promise resolves once the
 * message is safely kept (broker: confirmed and routed), and waits while the queue is full.
 * Throws `TransientError` with `outside` where it cannot be kept for now, which is told after some minutes.
 */
export abstract class Publisher {
  /** `lane` is null for stages without lanes (see `topology.ts`). Gives up after `patienceMs`, where it is given. */
  abstract publish<S extends Exclude<Stage, 'questions'>>(
    stage: S,
    lane: Lane | null,
    body: Message<S>,
    patienceMs?: number,
  ): Promise<void>;

  /** Asks the loader; asked again until answered. Throws `TransientError` with `outside` after `deadlineMs`. */
  abstract ask<T extends Question['type']>(
    question: Extract<Question, { type: T }>,
    deadlineMs?: number,
  ): Promise<Extract<Answer, { type: T }>>;
}

/** What a handler gets beside the body: `@Ctx() delivery: Delivery`. */
export interface Delivery {
  readonly stage: Stage;
  readonly lane: Lane | null;
  readonly messageId: string;
  /** 0 at first; retries count up, parking does not. */
  readonly attempt: number;
  /** Aborted shortly before the process has to end. */
  readonly signal: AbortSignal;
}
