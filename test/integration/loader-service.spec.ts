import { randomUUID } from 'node:crypto';

import type { Slice } from '#contracts';
import { MemoryBackend, MessagingModule, Transport } from '#messaging';
import { createLogger } from '#observability';
import { Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import { LoaderModule } from '../../apps/loader/src/loader.module.js';
import { freshDatabase, type FreshDatabase } from '../support/databases.js';
import { loaderSettingsOf } from '../support/loader-settings.js';
import { until } from '../support/until.js';
import { batch, days, endOf, plan } from './ledger-harness.js';
import { serve, silent, type Running } from './messaging-harness.js';

import.meta.jest.setTimeout(60_000);

@Module({})
class Root {}

describe('the loader as a service', () => {
  const logger = createLogger('loader', 'silent');
  let fresh: FreshDatabase;
  let backend: MemoryBackend;
  let loader: INestMicroservice;
  let extractor: Running;
  let read: (slice: Slice) => Promise<void>;

  const start = async (): Promise<INestMicroservice> => {
    const settings = loaderSettingsOf(fresh.settings);
    const module = LoaderModule.register({ settings, logger, embedded: true });
    const root = { module: Root, imports: [MessagingModule.register(backend), module] };
    const strategy = new Transport(backend, { logger: silent, graceMs: 6000 });
    const app = await NestFactory.createMicroservice(root, { strategy, logger: false, abortOnError: false });
    await app.listen();
    return app;
  };
  const run = async (runId: string) => (await extractor.publisher.ask({ type: 'run', runId })).run;

  beforeEach(async () => {
    fresh = await freshDatabase('sqlite');
    backend = new MemoryBackend({ waitMs: 200 });
    extractor = await serve(backend, { slices: (slice) => read(slice) });
    loader = await start();
  });
  afterEach(async () => {
    await extractor.stop();
    await loader.close();
    await backend.close();
    await fresh.drop();
  });

  it('sees a run of both lanes through, from the question to the answer', async () => {
    read = async (slice) => {
      const attempt = randomUUID();
      await extractor.publisher.publish('ends', slice.lane, endOf(slice, attempt, 3));
      await extractor.publisher.publish('rows', slice.lane, batch(slice, attempt, ['loaded', 'loaded']));
      await extractor.publisher.publish('rows', slice.lane, batch(slice, attempt, ['rejected'], {}, 2));
    };
    const slices = [...days('r', 20), ...days('b', 20, 'backfill')];
    expect(await extractor.publisher.ask({ type: 'open-run', plan: plan('r', slices) })).toMatchObject({
      opened: true,
    });
    await until('the run is closed', async () => (await run('r'))?.state === 'done');
    expect(await run('r')).toMatchObject({ listed: 120, loaded: 80, rejected: 40, slices: { verified: 40 } });
    expect((await extractor.publisher.ask({ type: 'status' })).status.unverifiedDays).toBe(0);
  });

  it('fails the run of a slice whose message was dead-lettered', async () => {
    read = (slice) => extractor.publisher.publish('problems', null, { slice, stage: 'slices', reason: 'no such day' });
    await extractor.publisher.ask({ type: 'open-run', plan: plan('r', days('r', 1)) });
    await until('the run is closed', async () => (await run('r'))?.state === 'failed');
    expect(await run('r')).toMatchObject({ problems: [{ reason: 'no such day' }] });
  });

  it('stops while slices are out, and goes on with them after the next start', async () => {
    const seen = new Set<string>();
    read = async (slice) => void seen.add(slice.sliceId);
    await extractor.publisher.ask({ type: 'open-run', plan: plan('r', days('r', 20)) });
    await until('slices are out', () => seen.size === 16);
    await loader.close();
    seen.clear();
    loader = await start();
    await until('the same slices are out again', () => seen.size === 16);
    expect((await run('r'))?.slices).toMatchObject({ queued: 16, planned: 4 });
  });
});
