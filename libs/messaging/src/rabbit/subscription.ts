import type { Channel, ConsumeMessage } from 'amqplib';

import type { Incoming, Route, Subscription } from '../backend.js';
import type { Log } from '../log.js';
import { backoff, pause } from '../waiting.js';
import { closeQuietly } from './channels.js';
import type { RabbitConnection } from './connection.js';
import { deliveriesOf, envelopeOf } from './properties.js';

export interface SubscriptionOptions {
  readonly connection: RabbitConnection;
  readonly route: Route;
  /** The work queue, and beside it the one of what comes back from waiting. */
  readonly queues: readonly string[];
  /** Of each queue. */
  readonly prefetch: number;
  readonly logger: Log;
  readonly take: (incoming: Incoming) => void;
  readonly reply: (message: ConsumeMessage) => Incoming['reply'];
}

const BACKOFF = { first: 100, most: 5_000 } as const;

/**
 * Consumes the queues of a route over one channel. The connection mends itself, but a channel that the broker closes
 * alone (acknowledgement overdue, queue deleted) has to be built again here.
 */
export class RabbitSubscription implements Subscription {
  private readonly stopping = new AbortController();
  private readonly kept: Promise<void>;
  private channel: Channel | undefined;
  private tags: string[] = [];
  private paused = false;
  private adjusting: Promise<void> = Promise.resolve();

  constructor(private readonly options: SubscriptionOptions) {
    this.kept = this.keep();
  }

  pause(): Promise<void> {
    this.paused = true;
    return this.adjust();
  }

  async resume(): Promise<void> {
    this.paused = false;
    // Where it fails its channel is closed, and followed by a new one.
    await this.adjust().catch(() => undefined);
  }

  async close(): Promise<void> {
    this.stopping.abort();
    if (this.channel) await closeQuietly(this.channel);
    await this.kept;
  }

  /** Never rejects: as long as it is wanted, a broken channel is followed by a new one. */
  private async keep(): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        await this.consumeUntilClosed(() => (attempt = 0));
      } catch (error) {
        if (!signal.aborted) this.options.logger.warn({ ...this.options.route, error }, 'consumer interrupted');
      }
      await pause(backoff(attempt, BACKOFF.first, BACKOFF.most), signal).catch(() => undefined);
    }
  }

  private async consumeUntilClosed(consuming: () => void): Promise<void> {
    const model = await this.options.connection.ready(this.stopping.signal);
    const channel = await model.createChannel();
    let reason: Error | undefined;
    channel.on('error', (error) => (reason = error));
    const closed = new Promise<void>((resolve) => channel.on('close', resolve));
    this.channel = channel;
    try {
      this.stopping.signal.throwIfAborted();
      await channel.prefetch(this.options.prefetch);
      await this.adjust();
      consuming();
      await closed;
    } finally {
      this.channel = undefined;
      this.tags = [];
      await closeQuietly(channel);
    }
    throw new Error('the channel was closed', { cause: reason });
  }

  /** Consumes or no longer, as wanted by then. One after the other: both at once would leave a consumer too many. */
  private adjust(): Promise<void> {
    const adjusted = this.adjusting.then(async () => {
      const { channel } = this;
      if (!channel) return;
      if (this.paused) await this.cancel(channel);
      else if (this.tags.length === 0) await this.consume(channel);
    });
    this.adjusting = adjusted.catch(() => undefined);
    return adjusted;
  }

  private async consume(channel: Channel): Promise<void> {
    try {
      for (const queue of this.options.queues) {
        const { consumerTag } = await channel.consume(queue, (message) => this.receive(channel, message));
        this.tags.push(consumerTag);
      }
    } catch (error) {
      await closeQuietly(channel);
      throw error;
    }
  }

  private async cancel(channel: Channel): Promise<void> {
    const tags = this.tags.splice(0);
    // A channel that broke meanwhile consumes nothing either.
    await Promise.allSettled(tags.map((tag) => channel.cancel(tag)));
  }

  /** A throw in here would end the connection. */
  private receive(channel: Channel, message: ConsumeMessage | null): void {
    if (!message) {
      // The queue was deleted or lost its leader: a new channel asks for it again.
      void closeQuietly(channel);
      return;
    }
    try {
      const reply = this.options.reply(message);
      this.options.take({
        route: this.options.route,
        envelope: envelopeOf(message),
        deliveries: deliveriesOf(message),
        ack: () => acknowledge(channel, message),
        ...(reply ? { reply } : {}),
      });
    } catch (error) {
      this.options.logger.error({ ...this.options.route, error }, 'message could not be taken');
    }
  }
}

function acknowledge(channel: Channel, message: ConsumeMessage): void {
  try {
    channel.ack(message);
  } catch {
    // The channel is gone, and with it the delivery: the broker hands the message out again.
  }
}
