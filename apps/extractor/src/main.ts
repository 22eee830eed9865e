import { extractorSettings, settingsOrExit } from '#config';
import { runJob, runService } from '#messaging';
import { createLogger } from '#observability';

import { modeOrExit } from './arguments.js';
import { ExtractorModule } from './extractor.module.js';
import { once } from './once.js';

const mode = modeOrExit(process.argv.slice(2));
const { extractor, service: settings } = settingsOrExit(extractorSettings);
const logger = createLogger('extractor', settings.logLevel);
const isService = mode === 'service';
const options = {
  service: 'extractor',
  logger,
  settings,
  concurrency: ExtractorModule.concurrency,
  probes: ExtractorModule.probes,
  metrics: ExtractorModule.metrics,
  modules: [ExtractorModule.register({ settings: extractor, logger, schedule: isService, embedded: !isService })],
} as const;

if (isService) await runService(options);
else await runJob(options, (job, signal) => once(job, { wait: mode === 'once and wait', logger, signal }));
