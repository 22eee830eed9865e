import type { Channel, ChannelModel } from 'amqplib';

import { orAborted } from '../waiting.js';
import type { RabbitConnection } from './connection.js';

/** A channel whose errors are told by what is done over it; without a listener they would end the process. */
export async function openChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  return channel;
}

/** Closing a channel that is closed already throws at once. */
export async function closeQuietly(channel: Channel): Promise<void> {
  try {
    await channel.close();
  } catch {
    return;
  }
}

/** A channel that is opened once it is needed, and anew after the broker closed it. */
export class LastingChannel<C extends Channel> {
  private opening: Promise<C> | undefined;

  constructor(
    private readonly connection: RabbitConnection,
    private readonly open: (model: ChannelModel) => Promise<C>,
  ) {}

  /** Rejects with the signal's reason, where the connection is closed for good, or where this attempt to open it fails. */
  async get(signal: AbortSignal): Promise<C> {
    const model = await this.connection.ready(signal);
    if (!this.opening) {
      const opening = this.open(model);
      const forget = () => {
        if (this.opening === opening) this.opening = undefined;
      };
      this.opening = opening;
      opening.then((channel) => channel.on('close', forget), forget);
    }
    return orAborted(this.opening, signal);
  }
}
