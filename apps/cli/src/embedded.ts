import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import type { embeddedSettings } from '#config';
import { MemoryBackend, MessagingModule, Publisher, Transport, type Envelope, type Route } from '#messaging';
import { createLogger } from '#observability';

import { ExtractorModule } from '../../extractor/src/extractor.module.js';
import { RunOpener } from '../../extractor/src/run-opener.js';
import { Database } from '../../loader/src/database.js';
import { keepDeadLetter } from '../../loader/src/ledger/dead-letters.js';
import { LoaderModule } from '../../loader/src/loader.module.js';
import { TransformerModule } from '../../transformer/src/transformer.module.js';
import { unusable } from './preflight.js';
import type { Flow } from './progress/stages.js';
import { tellingWaits } from './progress/waits.js';

/** Milliseconds to finish what is in hand when told to stop; the rest is dispatched again at the next start. */
const GRACE_MS = 8_000;
/** Milliseconds before what was set aside is tried again: a person waits. */
const WAIT_MS = 10_000;

export type EmbeddedSettings = ReturnType<typeof embeddedSettings>;

/** All three services in this process. */
export interface Embedded {
  readonly publisher: Publisher;
  readonly opener: RunOpener;
  flow(): Promise<Flow>;
  close(): Promise<void>;
}

@Module({})
class EmbeddedModule {}

/** Starts the services over the in-memory backend; `print` takes their warnings. Throws `PreflightError`. */
export async function startEmbedded(settings: EmbeddedSettings, print: (line: string) => void): Promise<Embedded> {
  const { extractor, loader, service } = settings;
  const logger = (name: string, level = service.logLevel) => createLogger(name, level, print);
  // What these warn of is told by the summary as well.
  const quiet = service.logLevel === 'warn' ? 'error' : service.logLevel;
  const database = Promise.withResolvers<Database>();
  const bury = async (route: Route, envelope: Envelope) =>
    (await database.promise).transaction((tx) => keepDeadLetter(tx, route, envelope));
  const backend = new MemoryBackend({ waitMs: WAIT_MS, bury });
  let closing = false;
  const waits = tellingWaits(logger('queues', quiet), (line) => (closing ? undefined : print(line)));
  const root: DynamicModule = {
    module: EmbeddedModule,
    imports: [
      MessagingModule.register(backend),
      ExtractorModule.register({ settings: extractor, logger: logger('extractor'), schedule: false, embedded: true }),
      TransformerModule.register({ logger: logger('transformer', quiet) }),
      LoaderModule.register({ settings: loader, logger: logger('loader'), embedded: true }),
    ],
  };
  const concurrency = { ...ExtractorModule.concurrency, ...LoaderModule.concurrency };
  const strategy = new Transport(backend, { logger: waits, graceMs: GRACE_MS, concurrency });
  try {
    const app = await NestFactory.createMicroservice(root, { strategy, logger: false, abortOnError: false });
    database.resolve(app.get(Database));
    strategy.watch({ ...ExtractorModule.probes(app), ...LoaderModule.probes(app) });
    await app.listen();
    return {
      publisher: app.get(Publisher),
      opener: app.get(RunOpener),
      flow: async () => ({
        messages: backend.tally.read(),
        setAside: (await backend.depth()).reduce((sum, { wait, again }) => sum + wait + again, 0),
      }),
      close: async () => {
        closing = true;
        await app.close();
        await backend.close();
      },
    };
  } catch (error) {
    await backend.close();
    throw unusable(loader.database, error);
  }
}
