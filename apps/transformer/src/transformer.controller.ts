import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

import type { Message, RowBatch, Stage } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';

import { FieldNotices } from './field-notices.js';
import { LOGGER } from './tokens.js';
import { transform } from './transform.js';

/** Raw batches in, row batches out, on the same lane and under the same identity. */
@Controller()
export class TransformerController {
  private readonly notices = new FieldNotices();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly publisher: Publisher,
  ) {}

  @EventPattern<Stage>('raw')
  async transform(@Payload() batch: Message<'raw'>): Promise<void> {
    const rows = transform(batch);
    await this.publisher.publish('rows', batch.identity.slice.lane, rows);
    this.tell(rows);
  }

  private tell({ identity, entity, rejects, unknownFields }: RowBatch): void {
    const { runId, sliceId } = identity.slice;
    const fields = this.notices.untold(runId, Object.keys(unknownFields));
    if (fields.length > 0) this.logger.warn({ runId, sliceId, fields }, 'fields that no column takes');
    const reason = rejects[0]?.reason;
    if (reason) this.logger.warn({ runId, sliceId, entity, rejects: rejects.length, reason }, 'records rejected');
  }
}
