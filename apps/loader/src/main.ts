import 'reflect-metadata';

import { loaderSettings, settingsOrExit } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { LoaderModule } from './loader.module.js';

const { loader, service: settings } = settingsOrExit(loaderSettings);
const logger = createLogger('loader', settings.logLevel);

await runService({
  service: 'loader',
  logger,
  settings,
  concurrency: LoaderModule.concurrency,
  probes: LoaderModule.probes,
  metrics: LoaderModule.metrics,
  modules: [LoaderModule.register({ settings: loader, logger, embedded: false })],
});
