import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import type { Detail } from '#contracts';
import { Disorder, MemoryBackend, MessagingModule, Publisher, Transport } from '#messaging';
import { createLogger } from '#observability';

import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { RunOpener } from '../../apps/extractor/src/run-opener.js';
import { LoaderModule } from '../../apps/loader/src/loader.module.js';
import { TransformerModule } from '../../apps/transformer/src/transformer.module.js';
import { startEmulator } from '../emulator/emulator.js';
import { truthByTable } from '../emulator/truth.js';
import { freshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { differences, sqliteReader } from './comparison.js';

const details: Detail[] = ['scores', 'summary', 'comments', 'transcripts', 'detail'];

@Module({})
class DisorderedModule {}

it.each([1, 2, 3])(
  'every message twice and shuffled (seed %i): the database is the same',
  async (seed) => {
    const emulator = await startEmulator({ seed, sessions: 600, days: 4, lastDay: '2026-11-20' });
    const database = await freshDatabase('sqlite');
    if (database.settings.dialect !== 'sqlite') throw new Error('not SQLite');
    const logger = createLogger('disorder', 'silent');
    const backend = new Disorder(new MemoryBackend(), { seed });
    const et = {
      url: emulator.url,
      login: { kind: 'token' as const, token: emulator.token },
      tlsVerify: true,
      concurrency: 32,
      details,
    };
    const settings = { et, syncCron: '5 0 * * *', timezone: 'UTC', rereadDays: 2 };
    const root: DynamicModule = {
      module: DisorderedModule,
      imports: [
        MessagingModule.register(backend),
        ExtractorModule.register({ settings, logger, schedule: false }),
        TransformerModule.register({ logger }),
        LoaderModule.register({
          settings: loaderSettingsOf(database.settings),
          logger,
          embedded: true,
        }),
      ],
    };
    const app = await NestFactory.createMicroservice(root, {
      strategy: new Transport(backend, { logger }),
      logger: false,
    });
    try {
      await app.listen();
      const request = { kind: 'range', from: '2026-11-17', to: '2026-11-20' } as const;
      const { runId } = await app.get(RunOpener).openRun(request);
      const run = await ended(app.get(Publisher), runId);
      expect(run).toMatchObject({ state: 'done', unknown: 0, rejected: 0, problems: [] });
    } finally {
      await app.close();
      await backend.close();
    }
    const reader = sqliteReader(database.settings.file);
    expect(await differences(reader, truthByTable(emulator.tenant, { details }))).toEqual([]);
    await reader.close();
    await emulator.close();
    await database.drop();
  },
  120_000,
);

async function ended(publisher: Publisher, runId: string) {
  for (;;) {
    const { run } = await publisher.ask({ type: 'run', runId });
    if (run && run.state !== 'open') return run;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
