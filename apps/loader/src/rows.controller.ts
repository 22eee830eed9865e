import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

import type { Message, Stage } from '#contracts';
import { newerReader, TransientError } from '#messaging';

import { MergeQueue } from './merge-queue.js';
import { unknownName } from './merge/unknown-name.js';

@Controller()
export class RowsController {
  constructor(private readonly mergeQueue: MergeQueue) {}

  @EventPattern<Stage>('rows')
  async merge(@Payload() batch: Message<'rows'>): Promise<void> {
    const name = unknownName(batch);
    if (name !== undefined) {
      throw new TransientError(`rows for ${name}, which this loader does not know: upgrade it`, {
        outside: true,
        away: newerReader('rows'),
      });
    }
    await this.mergeQueue.add(batch);
  }
}
