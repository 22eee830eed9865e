import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';

import { lanes, type Lane, type Slice } from '#contracts';
import { orAborted, Publisher, TransientError } from '#messaging';
import type { Logger } from '#observability';

import { Database } from './database.js';
import { noteSent, putBack, SENDING_MS, takeSlices } from './ledger/dispatch.js';
import { LOGGER } from './tokens.js';
import type { Transaction } from './transaction.js';

/** Sends planned slices, lane by lane: every second, and whenever it is woken. */
@Injectable()
export class Dispatcher {
  private readonly latest = new Map<Lane, Promise<void>>();
  private readonly waiting = new Map<Lane, Promise<void>>();
  private readonly failing = new Set<Lane>();
  private readonly stopping = new AbortController();

  constructor(
    private readonly database: Database,
    private readonly publisher: Publisher,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Resolves once nothing more can be sent for now; never rejects. */
  @Interval(1000)
  async dispatch(): Promise<void> {
    await Promise.all(lanes.map((lane) => this.turn(lane)));
  }

  /** For handlers of messages, which must not wait for a queue that leads to an earlier stage. */
  wake(): void {
    void this.dispatch();
  }

  /** Sends nothing more, and resolves once what was not sent is planned again. */
  async stop(): Promise<void> {
    this.stopping.abort(new TransientError('the loader is stopping', { outside: true }));
    await Promise.all(this.latest.values());
  }

  /** One turn of a lane after the other; who asks while one is waiting for its turn gets that one. */
  private turn(lane: Lane): Promise<void> {
    const waiting = this.waiting.get(lane);
    if (waiting) return waiting;
    const turn = (this.latest.get(lane) ?? Promise.resolve()).then(async () => {
      this.waiting.delete(lane);
      if (this.stopping.signal.aborted) return;
      await this.send(lane).then(
        () => void this.failing.delete(lane),
        (error: unknown) => this.tell(lane, error),
      );
    });
    this.waiting.set(lane, turn);
    this.latest.set(lane, turn);
    return turn;
  }

  /** Tried every second: an outage is told once, not once a second. */
  private tell(lane: Lane, error: unknown): void {
    if (!this.failing.has(lane)) this.logger.warn({ lane, error }, 'slices cannot be dispatched for now');
    this.failing.add(lane);
  }

  private async send(lane: Lane): Promise<void> {
    const transactions = this.database.inLane(lane);
    const slices = await transactions.transaction((tx) => takeSlices(tx, lane, new Date()));
    const until = Date.now() + SENDING_MS;
    let sent = 0;
    try {
      for (const slice of slices) {
        const sending = this.publisher.publish('slices', lane, slice, Math.max(0, until - Date.now()));
        // A full queue may keep a publisher waiting for longer than a stopping process has.
        await orAborted(sending, this.stopping.signal);
        sent += 1;
        this.logger.debug({ runId: slice.runId, sliceId: slice.sliceId, lane }, 'slice dispatched');
      }
    } finally {
      if (slices.length > 0) await transactions.transaction((tx) => this.settle(tx, slices, sent));
    }
  }

  private async settle(tx: Transaction, slices: readonly Slice[], sent: number): Promise<void> {
    if (sent > 0) await noteSent(tx, slices.slice(0, sent));
    if (sent < slices.length) await putBack(tx, slices.slice(sent));
  }
}
