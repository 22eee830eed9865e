import { NestFactory } from '@nestjs/core';
import { pino } from 'pino';

import { rowBatch, type Lane, type RawBatch, type RowBatch } from '#contracts';
import { MemoryBackend, MessagePublisher, MessagingModule, Transport } from '#messaging';

import { transform } from './transform.js';
import { TransformerModule } from './transformer.module.js';

function batch(lane: Lane, number: number, items: unknown[]): RawBatch {
  const slice = {
    runId: 'run',
    sliceId: 'run/labels',
    lane,
    subject: { kind: 'dictionary', dictionary: 'labels' },
  } as const;
  return {
    identity: { slice, attempt: '6f1c2d3e-0000-4000-8000-000000000001', page: 0, number, sha: 'a'.repeat(64) },
    content: { kind: 'dictionary', dictionary: 'labels', version: 1000, items },
  };
}

async function start() {
  const backend = new MemoryBackend();
  const lines: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) });
  const root = {
    module: class Root {},
    imports: [MessagingModule.register(backend), TransformerModule.register({ logger })],
  };
  const app = await NestFactory.createMicroservice(root, {
    strategy: new Transport(backend, { logger }),
    logger: false,
  });
  await app.listen();

  const rows: { lane: Lane; body: RowBatch }[] = [];
  for (const lane of ['live', 'backfill'] as const) {
    await backend.consume({ stage: 'rows', lane }, 10, ({ envelope, ack }) => {
      rows.push({ lane, body: rowBatch.parse(JSON.parse(envelope.body.toString())) });
      ack();
    });
  }
  const publisher = new MessagePublisher(backend);
  return {
    rows,
    lines,
    send: async (...batches: RawBatch[]) => {
      for (const each of batches) await publisher.publish('raw', each.identity.slice.lane, each);
      await backend.idle();
    },
    stop: async () => {
      await app.close();
      await backend.close();
    },
  };
}

describe('the transformer service', () => {
  let service: Awaited<ReturnType<typeof start>>;
  beforeEach(async () => {
    service = await start();
  });
  afterEach(() => service.stop());

  it('answers each raw batch with one row batch on the same lane', async () => {
    const live = batch('live', 0, [{ id: 1, text: 'a' }, { id: 'x' }]);
    const backfill = batch('backfill', 1, [{ id: 2, text: 'b' }]);
    await service.send(live, backfill);
    expect(service.rows).toHaveLength(2);
    expect(service.rows).toEqual(
      expect.arrayContaining([
        { lane: 'live', body: transform(live) },
        { lane: 'backfill', body: transform(backfill) },
      ]),
    );
  });

  it('names an unknown field once a run, and never a value', async () => {
    await service.send(batch('live', 0, [{ id: 1, shade: 'secret' }]));
    await service.send(batch('live', 1, [{ id: 2, shade: 'secret' }]));
    await service.send(batch('live', 2, [{ id: 'secret' }]));
    expect(service.lines.map(({ msg, fields, reason }) => ({ msg, fields, reason }))).toEqual([
      { msg: 'fields that no column takes', fields: ['labels.shade'] },
      { msg: 'records rejected', reason: 'labels.id: expected int, found text' },
    ]);
    expect(JSON.stringify(service.lines)).not.toContain('secret');
  });
});
