import 'reflect-metadata';

import { settingsOrExit, transformerSettings } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { TransformerModule } from './transformer.module.js';

const { amqpUrl, logLevel, shutdownGrace } = settingsOrExit(transformerSettings).service;
const logger = createLogger('transformer', logLevel);

await runService({
  service: 'transformer',
  logger,
  amqpUrl,
  shutdownGrace,
  modules: [TransformerModule.register({ logger })],
});
