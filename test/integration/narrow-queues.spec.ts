import type { Service } from '#contracts';
import { MessagingModule, Publisher, Transport, type Backend } from '#messaging';
import { createLogger } from '#observability';
import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { LoaderModule } from '../../apps/loader/src/loader.module.js';
import { TransformerModule } from '../../apps/transformer/src/transformer.module.js';
import { flaws } from '../e2e/comparison.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { until } from '../support/until.js';
import { settingsFor } from './extractor-harness.js';
import { silent } from './messaging-harness.js';
import { onEveryBackend } from './messaging-suite.js';

import.meta.jest.setTimeout(180_000);

@Module({})
class Root {}

const lastDay = '2026-11-20';
const logger = createLogger('narrow', 'silent');

onEveryBackend('all services, every queue at a limit of two messages', ({ kind }) => {
  let emulator: Emulator;
  let database: FreshDatabase;
  const apps: INestMicroservice[] = [];
  const backends: Backend[] = [];

  async function start(service: Service, module: DynamicModule, concurrency = {}): Promise<INestMicroservice> {
    const backend = await kind().openNarrow(service);
    const strategy = new Transport(backend, { logger: silent, graceMs: 6_000, concurrency });
    const root = { module: Root, imports: [MessagingModule.register(backend), module] };
    const app = await NestFactory.createMicroservice(root, { strategy, logger: false, abortOnError: false });
    await app.listen();
    backends.push(backend);
    apps.push(app);
    return app;
  }

  beforeEach(async () => {
    // Beside them stand the wide ones, which are emptied after each test.
    await kind().open('operator');
    emulator = await startEmulator({ seed: 3, sessions: 600, days: 6, lastDay });
    database = await freshDatabase('sqlite');
  });
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()));
    backends.length = 0;
    await emulator.close();
    await database.drop();
  });

  it('bring a backfill to its end, with everything loaded and nothing given up', async () => {
    const embedded = true;
    await start('loader', LoaderModule.register({ settings: loaderSettingsOf(database.settings), logger, embedded }), {
      ...LoaderModule.concurrency,
    });
    await start('transformer', TransformerModule.register({ logger }));
    const extractor = await start(
      'extractor',
      ExtractorModule.register({ settings: settingsFor(emulator), logger, schedule: false, embedded }),
      ExtractorModule.concurrency,
    );
    const range = { from: '2026-11-15', to: lastDay, force: false };
    const { runId } = await extractor.get(RunOpener).openRun({ kind: 'backfill', ...range });
    const publisher = extractor.get(Publisher);
    const closed = async () => (await publisher.ask({ type: 'run', runId })).run?.state === 'done';
    await until('the run is done', closed, 150_000);

    expect(await flaws(database, emulator.tenant)).toEqual([]);
    for (const backend of backends) {
      for (const { dead, wait, again } of await backend.depth())
        expect({ dead, wait, again }).toEqual({ dead: 0, wait: 0, again: 0 });
    }
  });
});
