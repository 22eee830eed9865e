import { extractorSettings, settingsOrExit } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { ExtractorModule } from './extractor.module.js';

const { extractor, service } = settingsOrExit(extractorSettings);
const logger = createLogger('extractor', service.logLevel);

await runService({
  service: 'extractor',
  logger,
  concurrency: ExtractorModule.concurrency,
  amqpUrl: service.amqpUrl,
  shutdownGrace: service.shutdownGrace,
  modules: [ExtractorModule.register({ settings: extractor, logger, schedule: true })],
});
