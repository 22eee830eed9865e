import { queueOf, stages, type Lane, type Service, type Stage } from '#contracts';
import { MemoryBackend, RabbitBackend, type Backend } from '#messaging';
import { connect, type Channel, type ChannelModel } from 'amqplib';

import { freshVhost, type FreshVhost } from '../support/vhosts.js';
import { silent, type DeadLetter, type Kind, type Raw } from './messaging-harness.js';

/** Milliseconds before what was set aside comes back. */
export const WAIT_MS = 150;

export class MemoryKind implements Kind {
  private backend = new MemoryBackend({ waitMs: WAIT_MS });
  private narrow: MemoryBackend | undefined;

  async open(): Promise<Backend> {
    return this.backend;
  }

  async openNarrow(): Promise<Backend> {
    this.narrow ??= new MemoryBackend({ waitMs: WAIT_MS, maxMessages: 2 });
    return this.narrow;
  }

  async putRaw(
    stage: Stage,
    lane: Lane | null,
    { body, contentEncoding, messageId = 'raw', headers = {} }: Raw,
  ): Promise<void> {
    const envelope = { messageId, body, contentEncoding, correlationId: undefined, attempt: 0, headers };
    await this.backend.publish({ stage, lane }, 'work', envelope, AbortSignal.timeout(5_000));
  }

  async deadLetters(stage: Stage, lane: Lane | null): Promise<DeadLetter[]> {
    return this.backend.deadLetters().filter((letter) => letter.stage === stage && letter.lane === lane);
  }

  async reset(): Promise<void> {
    await this.backend.close();
    await this.narrow?.close();
    this.narrow = undefined;
    this.backend = new MemoryBackend({ waitMs: WAIT_MS });
  }
}

const routes = stages.flatMap(({ stage, laned, reply }) =>
  (laned ? (['live', 'backfill'] as const) : [null]).map((lane) => ({ reply, queue: queueOf(stage, lane) })),
);

/** All tests share one virtual host, with wide and narrow queues side by side: declaring them takes seconds. */
export class RabbitKind implements Kind {
  private readonly opened: Backend[] = [];

  private constructor(
    private readonly vhost: FreshVhost,
    private readonly connection: ChannelModel,
    private readonly channel: Channel,
  ) {}

  static async start(): Promise<RabbitKind> {
    const vhost = await freshVhost();
    const connection = await connect(vhost.url);
    return new RabbitKind(vhost, connection, await connection.createChannel());
  }

  get url(): string {
    return this.vhost.url;
  }

  /** A channel of a stranger's. */
  get stranger(): Channel {
    return this.channel;
  }

  open(service: Service, url = this.vhost.url, logger = silent): Promise<Backend> {
    return this.keep(RabbitBackend.connect({ url, service, logger, waitMs: WAIT_MS }));
  }

  openNarrow(service: Service): Promise<Backend> {
    const narrow = { prefix: 'narrow.', queueMessages: 2 };
    return this.keep(RabbitBackend.connect({ url: this.url, service, logger: silent, waitMs: WAIT_MS, ...narrow }));
  }

  async putRaw(stage: Stage, lane: Lane | null, { body, ...properties }: Raw): Promise<void> {
    this.channel.sendToQueue(queueOf(stage, lane), body, properties);
  }

  async deadLetters(stage: Stage, lane: Lane | null): Promise<DeadLetter[]> {
    const found: DeadLetter[] = [];
    for (let got = await this.take(stage, lane); got; got = await this.take(stage, lane)) {
      const headers = got.properties.headers ?? {};
      found.push({ reason: String(headers['x-error']), attempt: Number(headers['x-attempt']) });
    }
    this.channel.nackAll();
    return found;
  }

  async reset(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((backend) => backend.close()));
    for (const { queue, reply } of routes) {
      for (const beside of reply ? [''] : ['', '.wait', '.again', '.dlq'])
        await this.channel.purgeQueue(queue + beside);
    }
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.vhost.drop();
  }

  private take(stage: Stage, lane: Lane | null) {
    return this.channel.get(`${queueOf(stage, lane)}.dlq`);
  }

  private async keep(opening: Promise<Backend>): Promise<Backend> {
    const backend = await opening;
    this.opened.push(backend);
    return backend;
  }
}
