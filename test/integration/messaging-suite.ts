import type { Message, Slice, SliceProblem } from '#contracts';
import type { Backend, Delivery } from '#messaging';
import { createHash, randomUUID } from 'node:crypto';

import { describeWith } from '../support/suites.js';
import { serve, type Kind, type Running } from './messaging-harness.js';
import { MemoryKind, RabbitKind } from './messaging-kinds.js';

export const slice: Slice = {
  runId: 'run-1',
  sliceId: 'run-1:2026-11-20',
  lane: 'live',
  subject: { kind: 'day', day: '2026-11-20' },
};
export const attempt = randomUUID();

export function raw(number: number, text = 'Київ'): Message<'raw'> {
  const sha = createHash('sha256').update(`${number}${text}`).digest('hex');
  return {
    identity: { slice, attempt, page: 0, number, sha },
    content: { kind: 'dictionary', dictionary: 'users', version: 1, items: [{ number, text }] },
  };
}

/** Rows made of a raw batch: none, under its identity. */
export function rows({ identity }: Message<'raw'>): Message<'rows'> {
  const cleaned = { nul: 0, surrogates: 0 };
  return { identity, entity: 'users', answered: [], rejects: [], unknownFields: {}, cleaned };
}

export const numberOf = ({ identity }: Message<'raw' | 'rows'>): number => identity.number;
export const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

export interface Suite<K extends Kind = Kind> {
  kind(): K;
  /** Starts a service and stops it after the test. */
  run(...args: Parameters<typeof serve>): Promise<Running>;
  /** An extractor that publishes, a transformer that takes `raw`, and a loader that hears of problems. */
  pipeline(
    takeRaw: (body: Message<'raw'>, delivery: Delivery) => unknown,
    options?: Parameters<typeof serve>[2],
  ): Promise<Running & { backend: Backend; problems: SliceProblem[] }>;
}

/** Runs one suite unchanged on both backends. */
export function onEveryBackend(title: string, tests: (suite: Suite) => void): void {
  describe(`${title}, in memory`, () => tests(suiteOn(async () => new MemoryKind())));
  describeWith('rabbitmq', `${title}, over RabbitMQ`, () => tests(suiteOn(() => RabbitKind.start())));
}

export function suiteOn<K extends Kind & { stop?(): Promise<void> }>(start: () => Promise<K>): Suite<K> {
  let kind: K;
  const running: Running[] = [];
  beforeAll(async () => {
    kind = await start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((service) => service.stop()));
    await kind.reset();
  });
  afterAll(async () => {
    await kind.stop?.();
  });

  async function run(...args: Parameters<typeof serve>): Promise<Running> {
    const service = await serve(...args);
    running.push(service);
    return service;
  }
  const pipeline: Suite['pipeline'] = async (takeRaw, options) => {
    const problems: SliceProblem[] = [];
    const { publisher } = await run(await kind.open('extractor'), {});
    await run(await kind.open('loader'), { problems: (body) => problems.push(body) });
    const backend = await kind.open('transformer');
    const service = await run(backend, { raw: takeRaw }, options);
    return { ...service, publisher, backend, problems };
  };
  return { kind: () => kind, run, pipeline };
}
