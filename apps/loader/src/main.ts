#!/usr/bin/env node
import 'reflect-metadata';

import { loaderSettings, settingsOrExit } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { LoaderModule } from './loader.module.js';

const { loader, service } = settingsOrExit(loaderSettings);
const { amqpUrl, logLevel, shutdownGrace } = service;
const logger = createLogger('loader', logLevel);

await runService({
  service: 'loader',
  logger,
  amqpUrl,
  shutdownGrace,
  // Row batches that are in hand together are merged together.
  concurrency: { rows: 8 },
  modules: [LoaderModule.register({ settings: loader, logger, embedded: false })],
});
