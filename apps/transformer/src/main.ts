import 'reflect-metadata';

import { settingsOrExit, transformerSettings } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { TransformerModule } from './transformer.module.js';

const { amqpDeclare, amqpTls, amqpUrl, http, logLevel, shutdownGrace } = settingsOrExit(transformerSettings).service;
const logger = createLogger('transformer', logLevel);

await runService({
  service: 'transformer',
  logger,
  amqpUrl,
  amqpTls,
  declare: amqpDeclare,
  shutdownGrace,
  http,
  modules: [TransformerModule.register({ logger })],
});
