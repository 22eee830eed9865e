import {
  answer as answerSchema,
  QUESTION_MS,
  stages,
  type Answer,
  type Lane,
  type Message,
  type Question,
  type Stage,
} from '#contracts';
import { randomUUID } from 'node:crypto';

import type { Backend, Envelope } from './backend.js';
import { pack, unpack } from './codec.js';
import { contractHeader } from './contract-version.js';
import { TransientError } from './failures.js';
import { current } from './in-hand.js';
import { Publisher } from './publisher.js';
import { messageIdFor, runIn } from './subject-of.js';
import { pause } from './waiting.js';

export interface PublisherOptions {
  /** Milliseconds to wait for a full queue or an absent broker; below the time a message may be held. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 5 * 60_000;
const ASK_MS = 60_000;
const ASK_AGAIN_MS = 500;

/** The publisher over any backend. */
export class MessagePublisher extends Publisher {
  constructor(
    private readonly backend: Backend,
    private readonly options: PublisherOptions = {},
  ) {
    super();
  }

  override async publish<S extends Exclude<Stage, 'questions'>>(
    stage: S,
    lane: Lane | null,
    body: Message<S>,
    patienceMs?: number,
  ): Promise<void> {
    await this.send({ stage, lane }, body, 'work', patienceMs);
  }

  /**
   * As `publish`, for who is no producer of the stage: to the queue of what comes back, which the same consumer reads
   * and which has no limit.
   */
  async publishAgain<S extends Exclude<Stage, 'questions'>>(
    stage: S,
    lane: Lane | null,
    body: Message<S>,
  ): Promise<void> {
    await this.send({ stage, lane }, body, 'again');
  }

  override async ask<T extends Question['type']>(
    question: Extract<Question, { type: T }>,
    deadlineMs = ASK_MS,
  ): Promise<Extract<Answer, { type: T }>> {
    const until = AbortSignal.timeout(deadlineMs);
    const envelope = await this.envelope('questions', question);
    let cause: unknown;
    while (!until.aborted) {
      try {
        const once = AbortSignal.any([until, AbortSignal.timeout(QUESTION_MS)]);
        return await this.answered(question.type, { ...envelope, messageId: randomUUID() }, once);
      } catch (error) {
        if (error instanceof Refusal) throw new TransientError(error.message, { outside: true });
        cause = error;
        await pause(ASK_AGAIN_MS, until).catch(() => undefined);
      }
    }
    throw new TransientError(`no answer to the question ${question.type} within ${deadlineMs} ms`, {
      cause,
      outside: true,
    });
  }

  private async send<S extends Exclude<Stage, 'questions'>>(
    { stage, lane }: { readonly stage: S; readonly lane: Lane | null },
    body: Message<S>,
    place: 'work' | 'again',
    patienceMs = this.options.patienceMs ?? PATIENCE_MS,
  ): Promise<void> {
    const laned = stages.some((known) => known.stage === stage && known.laned);
    if (laned !== (lane !== null)) throw new Error(`the stage ${stage} has ${laned ? 'two lanes' : 'no lanes'}`);
    const envelope = await this.envelope(stage, body);
    const signal = AbortSignal.timeout(patienceMs);
    await this.backend.publish({ stage, lane }, place, envelope, signal);
    this.backend.tally.add({ stage, lane }, 'published');
    current.getStore()?.progress();
  }

  private async answered<T extends Question['type']>(type: T, question: Envelope, signal: AbortSignal) {
    this.backend.tally.add({ stage: 'questions', lane: null }, 'published');
    const reply = await this.backend.request(question, signal);
    const answer = answerSchema.parse(await unpack(reply.body, reply.contentEncoding));
    if (answer.type === 'failed') throw new Refusal(`the loader could not answer ${type}: ${answer.reason}`);
    if (answer.type !== type) throw new Error(`asked ${type}, answered ${answer.type}`);
    return answer as Extract<Answer, { type: T }>;
  }

  private async envelope<S extends Stage>(stage: S, body: Message<S>): Promise<Envelope> {
    return {
      messageId: messageIdFor(stage, body),
      ...(await pack(body, this.backend.compress)),
      correlationId: runIn(stage, body),
      attempt: 0,
      headers: { 'x-first-published-at': new Date().toISOString(), ...contractHeader },
    };
  }
}

/** The question arrived and was answered with a failure: asking again at once would not help. */
class Refusal extends Error {}
