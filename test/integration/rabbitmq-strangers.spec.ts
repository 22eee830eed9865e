import { lanes, queueOf, stages, type Lane, type Stage } from '#contracts';
import { RabbitBackend } from '#messaging';
import type { Options } from 'amqplib';
import { zstdCompressSync } from 'node:zlib';

import { describeWith } from '../support/suites.js';
import { until } from '../support/until.js';
import { silent, type Handlers } from './messaging-harness.js';
import { RabbitKind } from './messaging-kinds.js';
import { bytes, raw, suiteOn } from './messaging-suite.js';

import.meta.jest.setTimeout(120_000);

const routes = stages
  .filter(({ reply }) => !reply)
  .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane: Lane | null) => ({ stage, lane })));
const packed = (text: string) => zstdCompressSync(Buffer.from(text));
const zstd = { contentEncoding: 'zstd' };
const nothing = bytes(null);
const unfit = /^not a message for the stage \w+: the whole: Invalid input/;

/** What a stranger may send, and why it is not read. */
const strange: readonly [what: string, reason: RegExp, body: Buffer, properties?: Options.Publish][] = [
  ['nothing', /^the body is not JSON$/, Buffer.alloc(0)],
  ['bytes of no kind', /^the body is not JSON$/, Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28])],
  ['another kind of text', /^the body is not JSON$/, Buffer.from('<sync/>'), { contentType: 'text/xml' }],
  ['JSON of no object', unfit, nothing],
  ['an object of another program', /^not a message for the stage/, bytes({ jobId: 7, payload: {} })],
  ['only a prototype', /^not a message for the stage/, Buffer.from('{"__proto__":{"type":"sync","lane":"live"}}')],
  ['what says to be zstd', /^the body is not zstd/, nothing, zstd],
  ['what says to be gzip', /^the body is not gzip/, nothing, { contentEncoding: 'gzip' }],
  ['an encoding nobody knows', /^the content encoding is neither/, nothing, { contentEncoding: 'x'.repeat(255) }],
  ['17 MB in a few bytes', /^the body is longer than 16777216 bytes$/, packed(' '.repeat(17_000_000)), zstd],
  ['millions of values', /^the body holds more than 2000000 values$/, packed(`[${'[],'.repeat(2e6)}[]]`), zstd],
  ['millions of levels', /^the body is nested deeper than 1000 levels$/, packed('['.repeat(2e6)), zstd],
  ['a book in its headers', unfit, nothing, { headers: { book: 'ї'.repeat(30_000), 'x-first-failed-at': 'then' } }],
  ['many headers', unfit, nothing, { headers: Object.fromEntries(range(2_000).map((name) => [name, 'x'])) }],
  ['headers of every kind', unfit, nothing, { headers: everyKind() }],
  ['the broker’s own headers', unfit, nothing, { headers: { 'x-death': [null, 1, {}], 'x-delivery-count': 'many' } }],
  ['attempts beyond all counting', unfit, nothing, { headers: { 'x-attempt': 1e300 } }],
  ['attempts that are none', unfit, nothing, { headers: { 'x-attempt': 'many' } }],
  ['a version that is none', /^the header x-contract-version/, nothing, { headers: { 'x-contract-version': 'two' } }],
  ['ids of every length', unfit, nothing, { messageId: 'ї'.repeat(127), correlationId: 'ї'.repeat(127) }],
  [
    'the name of somebody else',
    unfit,
    nothing,
    { appId: 'x', type: 'x'.repeat(255), replyTo: 'nowhere', timestamp: 0 },
  ],
];

function range(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `header ${index}`);
}

function everyKind(): Record<string, unknown> {
  return {
    list: [[[1]], { deep: [null] }],
    table: { in: { table: 'x' } },
    void: null,
    bytes: Buffer.from('bytes'),
    date: { '!': 'timestamp', value: 8e15 },
    ['__proto__x']: true,
    long: 2 ** 53,
  };
}

describeWith('rabbitmq', 'what strangers send', () => {
  const { kind, run } = suiteOn(() => RabbitKind.start());
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);
  beforeAll(() => void process.on('unhandledRejection', note));
  afterAll(() => void process.off('unhandledRejection', note));

  /** All three services; gives how often each stage had a message that it could read. */
  async function services(): Promise<Map<Stage, number>> {
    const read = new Map<Stage, number>();
    const handlers = (some: readonly Stage[]): Handlers =>
      Object.fromEntries(some.map((stage) => [stage, () => void read.set(stage, (read.get(stage) ?? 0) + 1)]));
    await run(await kind().open('extractor'), handlers(['commands', 'slices', 'pages']));
    await run(await kind().open('transformer'), handlers(['raw']));
    await run(await kind().open('loader'), {
      ...handlers(['rows', 'ends', 'problems']),
      questions: () => ({ type: 'stopped-runs', runIds: [] }),
    });
    return read;
  }

  it.each(['', '.again'])('is dead-lettered with its reason, whatever it is, on every work queue%s', async (beside) => {
    const read = await services();
    const { stranger } = kind();
    for (const { stage, lane } of routes) {
      for (const [what, , body, properties] of strange) {
        const named = { messageId: `${what} for ${stage}`, ...properties };
        stranger.sendToQueue(queueOf(stage, lane) + beside, body, named);
      }
    }
    const operator = await RabbitBackend.visit({ url: kind().url, service: 'operator', logger: silent });
    const dead = async () => (await operator.depth()).reduce((sum, queue) => sum + queue.dead, 0);
    await until('all are dead', async () => (await dead()) === routes.length * strange.length, 90_000);

    for (const { stage, lane } of routes) {
      const letters = await operator.deadLetters.list([{ stage, lane }]);
      const told = letters.map(({ reason }) => reason);
      for (const [what, reason] of strange) {
        const at = told.findIndex((one) => reason.test(one));
        if (at < 0)
          throw new Error(`${what} on ${queueOf(stage, lane)}${beside}: no reason is left like ${String(reason)}`);
        told.splice(at, 1);
      }
      expect(told).toEqual([]);
      expect(letters.map(({ firstFailedAt }) => firstFailedAt)).toContain('then');
    }
    await operator.close();
    expect([...read]).toEqual([]);
    expect(unhandled).toEqual([]);
  });

  it('keeps nobody from being read: neither beside it, nor what comes without a word of its kind', async () => {
    const read = await services();
    for (const [, , body, properties] of strange) {
      for (const { stage, lane } of [...routes, { stage: 'questions', lane: null } as const]) {
        kind().stranger.sendToQueue(queueOf(stage, lane), body, properties);
      }
    }
    kind().stranger.sendToQueue(queueOf('raw', 'live'), bytes(raw(1)), {
      contentType: 'image/png',
      expiration: '60000',
    });
    kind().stranger.sendToQueue(queueOf('commands', null), bytes({ type: 'sync' }), { headers: everyKind() });
    await until('both have come', () => read.get('raw') === 1 && read.get('commands') === 1, 60_000);
    const { publisher } = await run(await kind().open('operator'), {});
    expect(await publisher.ask({ type: 'stopped-runs' })).toEqual({ type: 'stopped-runs', runIds: [] });
    expect(unhandled).toEqual([]);
  });
});
