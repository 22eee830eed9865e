import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

import type { Message, Stage } from '#contracts';

import { SliceCloser } from './slice-closer.js';

/** What is told about slices by others: that a listing is over, or that a message of theirs was dead-lettered. */
@Controller()
export class SlicesController {
  constructor(private readonly closer: SliceCloser) {}

  @EventPattern<Stage>('ends')
  async end(@Payload() end: Message<'ends'>): Promise<void> {
    await this.closer.end(end);
  }

  @EventPattern<Stage>('problems')
  async problem(@Payload() problem: Message<'problems'>): Promise<void> {
    await this.closer.fail(problem);
  }
}
