import { Module, type DynamicModule } from '@nestjs/common';

import type { Logger } from '#observability';

import { LOGGER } from './tokens.js';
import { TransformerController } from './transformer.controller.js';

/** The transformer. Needs `MessagingModule` beside it for its `Publisher`. */
@Module({})
export class TransformerModule {
  static register({ logger }: { logger: Logger }): DynamicModule {
    return {
      module: TransformerModule,
      controllers: [TransformerController],
      providers: [{ provide: LOGGER, useValue: logger }],
    };
  }
}
