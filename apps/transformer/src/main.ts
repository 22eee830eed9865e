import 'reflect-metadata';

import { settingsOrExit, transformerSettings } from '#config';
import { runService } from '#messaging';
import { createLogger } from '#observability';

import { TransformerModule } from './transformer.module.js';

const { service: settings } = settingsOrExit(transformerSettings);
const logger = createLogger('transformer', settings.logLevel);

await runService({ service: 'transformer', logger, settings, modules: [TransformerModule.register({ logger })] });
