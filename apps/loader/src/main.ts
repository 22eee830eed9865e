import 'reflect-metadata';

import { loaderSettings, settingsOrExit } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { LoaderModule } from './loader.module.js';

const { loader, service } = settingsOrExit(loaderSettings);
const { amqpDeclare, amqpTls, amqpUrl, http, logLevel, shutdownGrace } = service;
const logger = createLogger('loader', logLevel);

await runService({
  service: 'loader',
  logger,
  amqpUrl,
  amqpTls,
  declare: amqpDeclare,
  shutdownGrace,
  http,
  concurrency: LoaderModule.concurrency,
  probes: LoaderModule.probes,
  metrics: LoaderModule.metrics,
  modules: [LoaderModule.register({ settings: loader, logger, embedded: false })],
});
