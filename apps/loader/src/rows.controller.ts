import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

import type { Message, Stage } from '#contracts';

import { MergeQueue } from './merge-queue.js';

@Controller()
export class RowsController {
  constructor(private readonly mergeQueue: MergeQueue) {}

  @EventPattern<Stage>('rows')
  async merge(@Payload() batch: Message<'rows'>): Promise<void> {
    await this.mergeQueue.add(batch);
  }
}
