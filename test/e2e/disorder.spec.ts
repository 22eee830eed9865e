import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import type { Detail, Service } from '#contracts';
import {
  Disorder,
  MemoryBackend,
  MessagingModule,
  Publisher,
  RabbitBackend,
  Transport,
  type Backend,
} from '#messaging';
import { createLogger } from '#observability';

import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { LoaderModule } from '../../apps/loader/src/loader.module.js';
import { TransformerModule } from '../../apps/transformer/src/transformer.module.js';
import { startEmulator, type Emulator } from '../emulator/emulator.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { freshVhost } from '../support/vhosts.js';
import { flaws } from './comparison.js';

const details: Detail[] = ['scores', 'summary', 'comments', 'transcripts', 'detail'];
const logger = createLogger('disorder', 'silent');

@Module({})
class DisorderedModule {}

describe.each([1, 2])('every message twice and shuffled (seed %i)', (seed) => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await startEmulator({ seed, sessions: 240, days: 4, lastDay: '2026-11-20' });
  });
  afterAll(() => emulator.close());

  it('makes no difference in one process', async () => {
    const database = await freshDatabase('sqlite');
    const { extractor, transformer, loader } = modulesOver(database, true);
    const backend = new Disorder(new MemoryBackend(), { seed });
    await leavesTheTruth([{ backend, modules: [extractor, transformer, loader] }], database);
    await database.drop();
  }, 120_000);

  describeWith(['rabbitmq', 'postgresql'], 'with a broker between', () => {
    it('makes no difference to three services', async () => {
      const [database, vhost] = await Promise.all([freshDatabase('postgresql'), freshVhost()]);
      const { extractor, transformer, loader } = modulesOver(database, false);
      const over = async (service: Service, module: DynamicModule): Promise<Part> => {
        const broker = await RabbitBackend.connect({ url: vhost.url, service, logger });
        return { backend: new Disorder(broker, { seed }), modules: [module] };
      };
      const parts = [
        await over('extractor', extractor),
        await over('transformer', transformer),
        await over('loader', loader),
      ];
      await leavesTheTruth(parts, database);
      await Promise.all([database.drop(), vhost.drop()]);
    }, 120_000);
  });

  /** Starts them, has them read all days, stops them, and compares. */
  async function leavesTheTruth(parts: readonly Part[], database: FreshDatabase): Promise<void> {
    const apps: INestMicroservice[] = [];
    for (const part of parts) apps.push(await started(part));
    try {
      const [first] = apps;
      if (!first) throw new Error('nothing was started');
      const request = { kind: 'range', from: '2026-11-17', to: '2026-11-20' } as const;
      const { runId } = await first.get(RunOpener, { strict: false }).openRun(request);
      const run = await ended(first.get(Publisher, { strict: false }), runId);
      expect(run).toMatchObject({ state: 'done', unknown: 0, rejected: 0, problems: [] });
    } finally {
      for (const app of apps) await app.close();
      for (const { backend } of parts) await backend.close();
    }
    expect(await flaws(database, emulator.tenant, details)).toEqual([]);
  }

  function modulesOver({ settings: database }: FreshDatabase, embedded: boolean) {
    const login = { kind: 'token', token: emulator.token } as const;
    const et = { url: emulator.url, login, tlsVerify: true, concurrency: 32, details };
    const settings = { et, syncCron: '5 0 * * *', timezone: 'UTC', rereadDays: 2 };
    return {
      extractor: ExtractorModule.register({ settings, logger, schedule: false }),
      transformer: TransformerModule.register({ logger }),
      loader: LoaderModule.register({ settings: loaderSettingsOf(database), logger, embedded }),
    };
  }
});

/** What runs over one backend: one service, or all of them. */
interface Part {
  readonly backend: Backend;
  readonly modules: readonly DynamicModule[];
}

async function started({ backend, modules }: Part): Promise<INestMicroservice> {
  const root = { module: DisorderedModule, imports: [MessagingModule.register(backend), ...modules] };
  const strategy = new Transport(backend, { logger });
  const app = await NestFactory.createMicroservice(root, { strategy, logger: false });
  await app.listen();
  return app;
}

async function ended(publisher: Publisher, runId: string) {
  const asked = async () => (await publisher.ask({ type: 'run', runId })).run;
  await until('the run is closed', async () => (await asked())?.state !== 'open', 110_000, 100);
  return asked();
}
