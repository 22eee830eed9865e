import { randomUUID } from 'node:crypto';

import type { Channel, ConsumeMessage, Message, Options } from 'amqplib';

import type { Envelope } from '../backend.js';
import { TransientError } from '../failures.js';
import { orAborted } from '../waiting.js';
import { LastingChannel, openChannel } from './channels.js';
import type { RabbitConnection } from './connection.js';
import { envelopeOf } from './properties.js';

const REPLY_TO = 'amq.rabbitmq.reply-to';

interface Asked {
  readonly answer: (envelope: Envelope) => void;
  readonly fail: (error: Error) => void;
}

/** Request and reply through RabbitMQ's direct reply-to: no reply queue, so nothing is left behind by who goes away. */
export class RabbitQuestions {
  private readonly asked = new Map<string, Asked>();
  private readonly channel: LastingChannel<Channel>;

  constructor(connection: RabbitConnection) {
    this.channel = new LastingChannel(connection, async (model) => this.listening(await openChannel(model)));
  }

  /** Resolves with the reply; rejects when the channel is lost, the question routed nowhere, or `signal` aborts. */
  async ask(
    exchange: string,
    queue: string,
    body: Buffer,
    properties: Options.Publish,
    signal: AbortSignal,
  ): Promise<Envelope> {
    const channel = await this.channel.get(signal);
    const correlationId = randomUUID();
    const reply = new Promise<Envelope>((answer, fail) => this.asked.set(correlationId, { answer, fail }));
    try {
      channel.publish(exchange, queue, body, { ...properties, correlationId, replyTo: REPLY_TO, mandatory: true });
      return await orAborted(reply, signal);
    } finally {
      this.asked.delete(correlationId);
    }
  }

  /** Sent once: who does not get it asks again. */
  async reply(to: ConsumeMessage, body: Buffer, properties: Options.Publish, signal: AbortSignal): Promise<void> {
    const channel = await this.channel.get(signal);
    const asker = String(to.properties.replyTo);
    channel.publish('', asker, body, { ...properties, correlationId: String(to.properties.correlationId) });
  }

  private async listening(channel: Channel): Promise<Channel> {
    channel.on('close', () => {
      for (const { fail } of this.asked.values()) fail(new TransientError('the question was lost', { outside: true }));
    });
    channel.on('return', ({ properties }: Message) =>
      this.asked
        .get(String(properties.correlationId))
        ?.fail(new TransientError('there is no queue for questions', { outside: true })),
    );
    const receive = (message: ConsumeMessage | null) => {
      if (message) this.asked.get(String(message.properties.correlationId))?.answer(envelopeOf(message));
    };
    await channel.consume(REPLY_TO, receive, { noAck: true });
    return channel;
  }
}
