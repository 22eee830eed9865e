import { serveHealth, type HealthServer, type Metric } from '#health';

import { RejectedError, TransientError } from './failures.js';
import { MemoryBackend } from './memory/memory-backend.js';
import { MessagePublisher } from './message-publisher.js';
import { messageMetrics, standingMetrics } from './metrics.js';
import type { Standing } from './standing.js';
import { Transport } from './transport.js';

const quiet = () => undefined;
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet };

let server: HealthServer;
beforeEach(async () => {
  server = await serveHealth({ host: '127.0.0.1', port: 0, checks: () => ({}) });
});
afterEach(() => server.close());

/** The samples of our own metrics, as Prometheus reads them. */
const samples = async (): Promise<string[]> => {
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith('etl_'));
};
const add = (metrics: readonly Metric[]) => server.add(metrics);

it('tells what became of the messages that a service consumes', async () => {
  const backend = new MemoryBackend();
  const transport = new Transport(backend, { logger });
  const held = Promise.withResolvers<void>();
  const ends = [
    async () => undefined,
    async () => Promise.reject(new RejectedError('makes no sense')),
    async () => Promise.reject(new TransientError('nobody there', { outside: true })),
    () => held.promise,
  ];
  const reached = Promise.withResolvers<void>();
  transport.addHandler(
    'commands',
    async () => {
      const end = ends.shift();
      if (ends.length === 0) reached.resolve();
      return end?.();
    },
    true,
  );
  await transport.listen(quiet);
  const publisher = new MessagePublisher(backend);
  for (let count = ends.length; count > 0; count--) await publisher.publish('commands', null, { type: 'sync' });
  await reached.promise;
  add(messageMetrics('extractor', backend.tally, transport));

  const told = await samples();
  expect(told).toEqual(
    expect.arrayContaining([
      'etl_messages_delivered_total{stage="commands"} 4',
      'etl_messages_settled_total{stage="commands",outcome="done"} 1',
      'etl_messages_settled_total{stage="commands",outcome="retried"} 0',
      'etl_messages_settled_total{stage="commands",outcome="parked"} 1',
      'etl_messages_settled_total{stage="commands",outcome="dead"} 1',
      'etl_messages_in_hand{stage="commands"} 1',
      'etl_consumption_paused{stage="commands"} 0',
      'etl_messages_published_total{stage="pages",lane="live"} 0',
    ]),
  );
  // What others publish or consume is theirs to tell.
  expect(told.filter((line) => /stage="(rows|questions)"/.test(line))).toEqual([
    'etl_messages_published_total{stage="questions"} 0',
  ]);
  await transport.pause('commands');
  expect(await samples()).toContain('etl_consumption_paused{stage="commands"} 1');
  held.resolve();
  await transport.close();
  await backend.close();
});

it('tells of the broker and of what is away', async () => {
  const since = new Date();
  let standing: Standing = {
    phase: 'running',
    since,
    links: { publish: { state: 'blocked', since }, consume: { state: 'connected', since } },
    awaited: [],
    watched: ['database'],
    paused: [],
  };
  add(standingMetrics(() => standing));
  expect(await samples()).toEqual([
    'etl_ready 1',
    'etl_broker_connection_up{connection="publish"} 1',
    'etl_broker_connection_up{connection="consume"} 1',
    'etl_broker_connection_blocked{connection="publish"} 1',
    'etl_broker_connection_blocked{connection="consume"} 0',
    'etl_dependency_away{dependency="database"} 0',
  ]);
  const consume = { state: 'connecting', since } as const;
  const awaited = [{ what: 'database', since, reason: 'gone' }];
  standing = { ...standing, links: { ...standing.links, consume }, awaited };
  expect(await samples()).toEqual(
    expect.arrayContaining([
      'etl_ready 0',
      'etl_broker_connection_up{connection="consume"} 0',
      'etl_dependency_away{dependency="database"} 1',
    ]),
  );
});
