import { stages, QUEUE_BYTES, WAIT_MS } from '#contracts';

import { topologyPlan } from './topology.js';

const { exchanges, queues } = topologyPlan();
const byName = new Map(queues.map((queue) => [queue.name, queue]));

it('has three queues beside every work queue, and none beside questions', () => {
  const routes = stages.reduce((sum, { laned, reply }) => sum + (reply ? 0 : laned ? 2 : 1), 0);
  expect(byName.size).toBe(queues.length);
  expect(queues).toHaveLength(routes * 4 + 1);
});

it('dead-letters only into queues that are bound to where it sends', () => {
  for (const { arguments: args } of queues) {
    const to = args['x-dead-letter-routing-key'];
    if (to === undefined) continue;
    expect(byName.get(String(to))?.boundTo).toContain(args['x-dead-letter-exchange']);
    expect(args).toMatchObject({ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' });
  }
});

it('binds queues only to exchanges that are declared', () => {
  const known = exchanges.map(({ name }) => name);
  for (const { boundTo } of queues) for (const exchange of boundTo) expect(known).toContain(exchange);
});

it('bounds the work queues and no other', () => {
  const bounded = queues.filter(({ arguments: args }) => 'x-max-length-bytes' in args).map(({ name }) => name);
  expect(bounded).toHaveLength(queues.filter(({ name }) => /\.v\d+$/.test(name)).length);
  expect(byName.get('etl.raw.live.v1')?.arguments['x-max-length-bytes']).toBe(QUEUE_BYTES);
});

it('lets what is set aside come back by the consumer, past the bounded queue', () => {
  const wait = byName.get('etl.raw.live.v1.wait');
  expect(wait?.boundTo).toEqual(['etl.transformer']);
  expect(wait?.arguments).toMatchObject({
    'x-message-ttl': WAIT_MS,
    'x-dead-letter-routing-key': 'etl.raw.live.v1.again',
  });
});

it('says how often everything may be handed out: RabbitMQ 4 would drop after 20 times', () => {
  for (const { arguments: args } of queues) {
    expect(args).toMatchObject({ 'x-queue-type': 'quorum', 'x-delivery-limit': expect.any(Number) as number });
  }
});

it('prefixes all names, and takes other limits', () => {
  const other = topologyPlan({ prefix: 'a.', queueMessages: 2, waitMs: 5 });
  const names = [...other.exchanges.map(({ name }) => name), ...other.queues.flatMap(({ boundTo }) => boundTo)];
  for (const name of [...names, ...other.queues.map((queue) => queue.name)]) expect(name).toMatch(/^a\.etl\./);
  const args = other.queues.map((queue) => queue.arguments);
  expect(args).toContainEqual(expect.objectContaining({ 'x-max-length': 2 }));
  expect(args).toContainEqual(expect.objectContaining({ 'x-message-ttl': 5 }));
});
