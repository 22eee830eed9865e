import { Controller, Inject } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';

import type { Message, RowBatch } from '#contracts';
import { Publisher } from '#messaging';
import type { Logger } from '#observability';

import { FieldNotices } from './field-notices.js';
import { transform } from './transform.js';

/** The transformer's own logger among those of services composed in one process. */
export const LOGGER = Symbol('transformer logger');

/** Raw batches in, row batches out, on the same lane and under the same identity. */
@Controller()
export class TransformerController {
  private readonly notices = new FieldNotices();

  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(Publisher) private readonly publisher: Publisher,
  ) {}

  @EventPattern('raw')
  async transform(@Payload() batch: Message<'raw'>): Promise<void> {
    const rows = transform(batch);
    await this.publisher.publish('rows', batch.identity.slice.lane, rows);
    this.tell(rows);
  }

  private tell({ identity, entity, rejects, unknownFields }: RowBatch): void {
    const { runId, sliceId } = identity.slice;
    const fields = this.notices.untold(runId, Object.keys(unknownFields));
    if (fields.length > 0) this.logger.warn({ runId, sliceId, fields }, 'fields that no column takes');
    const [first] = rejects;
    if (first)
      this.logger.warn({ runId, sliceId, entity, rejects: rejects.length, reason: first.reason }, 'records rejected');
  }
}
