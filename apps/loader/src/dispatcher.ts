import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { lanes, type Lane } from '#contracts';
import { Publisher, TransientError } from '#messaging';
import type { Logger } from '#observability';

import { Database } from './database.js';
import { putBack, takeSlices } from './ledger/dispatch.js';
import { LOGGER } from './tokens.js';

/** Sends planned slices, lane by lane: every second, and whenever it is woken. */
@Injectable()
export class Dispatcher {
  private readonly rounds = new Map<Lane, Promise<void>>();
  private readonly again = new Set<Lane>();
  private readonly stopping = Promise.withResolvers<never>();
  private stopped = false;

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.stopping.promise.catch(() => undefined);
  }

  /** Returns at once: whoever handles a message must not wait for a queue that leads to an earlier stage. */
  @Interval(1000)
  wake(): void {
    for (const lane of lanes) {
      this.again.add(lane);
      if (!this.rounds.has(lane) && !this.stopped) this.rounds.set(lane, this.round(lane));
    }
  }

  /** Sends nothing more, and resolves once what was not sent is planned again. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.stopping.reject(new TransientError('the loader is stopping', { outside: true }));
    await Promise.all(this.rounds.values());
  }

  private async round(lane: Lane): Promise<void> {
    try {
      while (this.again.delete(lane) && !this.stopped) await this.send(lane);
    } catch (error) {
      this.logger.warn({ lane, error }, 'slices could not be dispatched');
    } finally {
      this.rounds.delete(lane);
    }
  }

  private async send(lane: Lane): Promise<void> {
    const slices = await this.database.transaction((tx) => takeSlices(tx, lane, new Date()));
    for (const [index, slice] of slices.entries()) {
      try {
        // A full queue may keep a publisher waiting for longer than a stopping process has.
        await Promise.race([this.publisher.publish('slices', lane, slice), this.stopping.promise]);
        this.logger.debug({ runId: slice.runId, sliceId: slice.sliceId, lane }, 'slice dispatched');
      } catch (error) {
        await this.database.transaction((tx) => putBack(tx, slices.slice(index)));
        throw error;
      }
    }
  }
}
