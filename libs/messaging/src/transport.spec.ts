import type { Message } from '#contracts';

import type { Backend } from './backend.js';
import { TransientError } from './failures.js';
import { MemoryBackend } from './memory/memory-backend.js';
import { MessagePublisher } from './message-publisher.js';
import { Transport } from './transport.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

it('does not start with a handler for a stage that does not exist', async () => {
  const transport = new Transport(new MemoryBackend(), { logger });
  transport.addHandler('rwa', async () => undefined, true);
  const error = await new Promise((resolve) => void transport.listen(resolve));
  expect(String(error)).toContain("there is no stage 'rwa'");
});

it('gives the backfill lane a quarter less, but one at least', async () => {
  const prefetches: Record<string, number> = {};
  class Noting extends MemoryBackend {
    override consume(...args: Parameters<Backend['consume']>) {
      prefetches[`${args[0].stage}.${args[0].lane}`] = args[1];
      return super.consume(...args);
    }
  }
  const transport = new Transport(new Noting(), { logger, concurrency: { raw: 8, rows: 2, pages: 1 } });
  for (const stage of ['raw', 'rows', 'pages', 'problems']) transport.addHandler(stage, async () => undefined, true);
  await transport.listen(() => undefined);
  expect(prefetches).toEqual({
    'raw.live': 8,
    'raw.backfill': 6,
    'rows.live': 2,
    'rows.backfill': 1,
    'pages.live': 1,
    'pages.backfill': 1,
    'problems.null': 4,
  });
});

it('handles alone what came back from consumers that died', async () => {
  class Deadly extends MemoryBackend {
    override consume(...[route, prefetch, take]: Parameters<Backend['consume']>) {
      return super.consume(route, prefetch, (incoming) => {
        const deliveries = Number(incoming.envelope.headers['deliveries'] ?? 3);
        take({ ...incoming, deliveries });
      });
    }
  }
  const backend = new Deadly();
  const transport = new Transport(backend, { logger, concurrency: { commands: 4 } });
  let now = 0;
  let most = 0;
  const handler = async (_body: Message<'commands'>) => {
    most = Math.max(most, (now += 1));
    await new Promise(setImmediate);
    now -= 1;
  };
  transport.addHandler('commands', handler, true);
  await transport.listen(() => undefined);
  const publisher = new MessagePublisher(backend);
  await Promise.all(Array.from({ length: 8 }, () => publisher.publish('commands', null, { type: 'sync' })));
  await backend.idle();
  expect(most).toBe(1);
  expect(backend.tally.read().commands).toMatchObject({ published: 8, delivered: 8, done: 8 });
});

it('waits for all that a stage needs, whichever of it comes back first', async () => {
  const transport = new Transport(new MemoryBackend(), { logger, probePauses: { first: 1, most: 5 } });
  const away = new Set(['database', 'disk']);
  transport.addHandler('commands', async () => undefined, true);
  const probe = (what: string) => {
    const ask = async () => {
      if (away.has(what)) throw new TransientError('refused', { outside: true, away: what });
    };
    return { stages: ['commands' as const], ask };
  };
  transport.watch({ database: probe('database'), disk: probe('disk') });
  await transport.listen(() => undefined);
  await transport.check();
  const paused = () => transport.consumption().every((one) => one.paused);
  try {
    while (transport.awaited().length < 2 || !paused()) await new Promise(setImmediate);
    away.delete('disk');
    while (transport.awaited().length > 1) await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect(paused()).toBe(true);
    away.delete('database');
    while (paused()) await new Promise(setImmediate);
  } finally {
    await transport.close();
  }
});

it('waits from the start for what is away already', async () => {
  const transport = new Transport(new MemoryBackend(), { logger, probePauses: { first: 1, most: 5 } });
  const world = { there: false, probes: 0 };
  transport.addHandler('commands', async () => undefined, true);
  transport.watch({
    database: {
      stages: ['commands'],
      ask: async () => {
        world.probes += 1;
        if (!world.there) throw new TransientError('refused', { outside: true, away: 'database' });
      },
    },
  });
  await transport.listen(() => undefined);
  await transport.check();
  while (world.probes < 3) await new Promise(setImmediate);
  expect(transport.awaited()).toMatchObject([{ what: 'database', reason: 'refused' }]);
  world.there = true;
  while (transport.awaited().length > 0) await new Promise(setImmediate);
  await transport.close();
});

it('takes nothing of what needs the database while it is away, uses up no attempt, and goes on by itself', async () => {
  const backend = new MemoryBackend({ waitMs: 5 });
  const transport = new Transport(backend, { logger, maxAttempts: 1, probePauses: { first: 1, most: 5 } });
  const world = { there: false, probes: 0, tried: 0, attempts: new Set<number>() };
  const handler = async (_body: unknown, { attempt }: { attempt: number }) => {
    world.tried += 1;
    world.attempts.add(attempt);
    if (!world.there) throw new TransientError('refused', { outside: true, away: 'database' });
  };
  transport.addHandler('commands', handler, true);
  transport.watch({
    database: {
      stages: ['commands'],
      ask: async () => {
        world.probes += 1;
        if (!world.there) throw new Error('refused');
      },
    },
  });
  await transport.listen(() => undefined);
  const publisher = new MessagePublisher(backend);
  await Promise.all(Array.from({ length: 20 }, () => publisher.publish('commands', null, { type: 'sync' })));
  while (world.probes < 20) await new Promise(setImmediate);
  expect(transport.awaited()).toMatchObject([{ what: 'database', reason: 'refused' }]);
  // What was in hand when it was found away: four of the queue, and what came back before the pause.
  expect(world.tried).toBeLessThanOrEqual(8);
  world.there = true;
  await backend.idle();
  expect(backend.tally.read().commands).toMatchObject({ done: 20, retried: 0, dead: 0 });
  expect([...world.attempts]).toEqual([0]);
  expect(transport.awaited()).toEqual([]);
  await transport.close();
});
