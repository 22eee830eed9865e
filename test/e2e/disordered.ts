import { Module, type DynamicModule, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import type { ExtractorSettings, LoaderSettings } from '#config';
import type { Service } from '#contracts';
import { MemoryBackend, MessagingModule, RabbitBackend, Transport } from '#messaging';
import { createLogger } from '#observability';

import { ExtractorModule } from '../../apps/extractor/src/extractor.module.js';
import { LoaderModule } from '../../apps/loader/src/loader.module.js';
import { TransformerModule } from '../../apps/transformer/src/transformer.module.js';
import { Disorder } from '../support/disorder.js';

const logger = createLogger('disorder', 'silent');

interface Told {
  readonly extractor: ExtractorSettings;
  readonly loader: LoaderSettings;
  /** Other numbers make other orders. */
  readonly seed: number;
}

/** Services within this process that are handed every message twice, and all in an order of chance. */
export interface Disordered {
  readonly backends: readonly Disorder[];
  readonly apps: readonly INestMicroservice[];
  close(): Promise<void>;
}

@Module({})
class DisorderedModule {}

/** All of them over memory. */
export function disorderedProcess(told: Told): Promise<Disordered> {
  const { extractor, transformer, loader } = modules(told, true);
  return started([{ backend: new Disorder(new MemoryBackend(), told), modules: [extractor, transformer, loader] }]);
}

/** Three of them over a broker, each with connections of its own. */
export async function disorderedServices(told: Told, amqpUrl: string): Promise<Disordered> {
  const parts: Part[] = [];
  for (const [service, module] of Object.entries(modules(told, false)) as [Service, DynamicModule][]) {
    const broker = await RabbitBackend.connect({ url: amqpUrl, service, logger });
    parts.push({ backend: new Disorder(broker, told), modules: [module] });
  }
  return started(parts);
}

function modules({ extractor, loader }: Told, embedded: boolean) {
  return {
    extractor: ExtractorModule.register({ settings: extractor, logger, schedule: false }),
    transformer: TransformerModule.register({ logger }),
    loader: LoaderModule.register({ settings: loader, logger, embedded }),
  };
}

/** What runs over one backend: one service, or all of them. */
interface Part {
  readonly backend: Disorder;
  readonly modules: readonly DynamicModule[];
}

async function started(parts: readonly Part[]): Promise<Disordered> {
  const apps: INestMicroservice[] = [];
  for (const { backend, modules } of parts) {
    const root = { module: DisorderedModule, imports: [MessagingModule.register(backend), ...modules] };
    const strategy = new Transport(backend, { logger });
    const app = await NestFactory.createMicroservice(root, { strategy, logger: false });
    await app.listen();
    apps.push(app);
  }
  const backends = parts.map(({ backend }) => backend);
  const close = async (): Promise<void> => {
    for (const app of apps) await app.close();
    for (const backend of backends) await backend.close();
  };
  return { backends, apps, close };
}
