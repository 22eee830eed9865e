import type { ChannelModel, ConfirmChannel, Message, Options } from 'amqplib';

import type { Route } from '../backend.js';
import { FullQueueError, TransientError } from '../failures.js';
import { Slots } from '../slots.js';
import { backoff, orAborted, pause } from '../waiting.js';
import { closeQuietly, LastingChannel } from './channels.js';
import type { RabbitConnection } from './connection.js';

/** Unconfirmed messages and bytes a destination may have on the way. */
const WINDOW_MESSAGES = 16;
const WINDOW_BYTES = 8 * 1024 * 1024;
/** A stuck queue leader leaves confirms open for ever. */
const CONFIRM_MS = 15_000;
const BACKOFF = { first: 50, most: 5_000 } as const;

export interface Sending {
  readonly route: Route;
  readonly exchange: string;
  readonly queue: string;
}

/**
 * The way to one queue: a confirm channel and a window of its own, so that a full queue holds back nobody else.
 * A message counts as kept once the broker has routed and confirmed it.
 */
export class Destination {
  private readonly messages = new Slots(WINDOW_MESSAGES);
  private readonly bytes = new Slots(WINDOW_BYTES);
  /** How often each message on the way came back as unroutable; the broker says so before it confirms. */
  private readonly returned = new Map<string, number>();
  private readonly channel: LastingChannel<ConfirmChannel>;
  /** The broker refused a message, and has kept none since. */
  private full = false;

  constructor(
    private readonly connection: RabbitConnection,
    private readonly to: Sending,
  ) {
    const open = async (model: ChannelModel) => this.watched(await model.createConfirmChannel());
    this.channel = new LastingChannel(connection, open);
  }

  /**
   * Sends until kept, always under the same message id. Once `signal` aborts it throws `FullQueueError` where the queue
   * has no room, `TransientError` with `outside` otherwise.
   */
  async publish(body: Buffer, properties: Options.Publish & { messageId: string }, signal: AbortSignal): Promise<void> {
    let cause: unknown;
    let release: (() => void) | undefined;
    try {
      release = await this.enter(body.length, signal);
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await orAborted(this.send(await this.channel.get(signal), body, properties), signal);
        } catch (error) {
          signal.throwIfAborted();
          if (this.connection.isClosed) throw error;
          cause = error;
        }
        await pause(backoff(attempt, BACKOFF.first, BACKOFF.most), signal);
      }
    } catch (error) {
      if (this.full) throw new FullQueueError(this.to.route, { cause: cause ?? error });
      throw new TransientError(`${this.to.queue} takes no messages for now`, { cause: cause ?? error, outside: true });
    } finally {
      release?.();
    }
  }

  private async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    const leave = await this.messages.acquire(1, signal);
    try {
      const free = await this.bytes.acquire(bytes, signal);
      return () => (free(), leave());
    } catch (error) {
      leave();
      throw error;
    }
  }

  private send(
    channel: ConfirmChannel,
    body: Buffer,
    properties: Options.Publish & { messageId: string },
  ): Promise<void> {
    const { exchange, queue } = this.to;
    return new Promise((resolve, reject) => {
      const timer = setInterval(() => {
        // While it reads nothing, the broker confirms nothing; closing the channel would only queue up as well.
        if (this.connection.isBlocked) return;
        clearInterval(timer);
        void closeQuietly(channel);
      }, CONFIRM_MS);
      const confirmed = (error: Error | null) => {
        clearInterval(timer);
        const unrouted = this.takeReturned(properties.messageId);
        if (!error) this.full = false;
        if (error) reject(error);
        else if (unrouted) reject(new Error(`${exchange} routes nothing to ${queue}: its binding is missing`));
        else resolve();
      };
      try {
        channel.publish(exchange, queue, body, { ...properties, mandatory: true }, confirmed);
      } catch (cause) {
        clearInterval(timer);
        reject(new Error('the channel is closed', { cause }));
      }
    });
  }

  private watched(channel: ConfirmChannel): ConfirmChannel {
    // 'close' follows, and unconfirmed messages are told by their callbacks.
    channel.on('error', () => undefined);
    channel.on('nack', () => (this.full = true));
    channel.on('close', () => (this.full = false));
    channel.on('return', ({ properties }: Message) => {
      const id = String(properties.messageId);
      this.returned.set(id, (this.returned.get(id) ?? 0) + 1);
    });
    return channel;
  }

  private takeReturned(messageId: string): boolean {
    const times = this.returned.get(messageId) ?? 0;
    if (times > 1) this.returned.set(messageId, times - 1);
    else this.returned.delete(messageId);
    return times > 0;
  }
}
