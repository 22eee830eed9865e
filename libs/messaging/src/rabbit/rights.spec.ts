import type { Service } from '#contracts';

import { rightsOf } from './rights.js';
import { topologyPlan } from './topology.js';

const { queues, exchanges } = topologyPlan();
const allowed = (pattern: string, names: readonly string[]) => names.filter((name) => new RegExp(pattern).test(name));
const reads = (service: Service) =>
  allowed(
    rightsOf(service).read,
    queues.map(({ name }) => name),
  );
const writes = (service: Service) =>
  allowed(rightsOf(service).write, [...exchanges.map(({ name }) => name), 'amq.default', 'amq.topic']);

describe('the rights of an account', () => {
  it('are to publish to its own exchange, and for the loader to answer', () => {
    expect(writes('extractor')).toEqual(['etl.extractor']);
    expect(writes('transformer')).toEqual(['etl.transformer']);
    expect(writes('loader')).toEqual(['etl.loader', 'amq.default']);
    expect(writes('operator')).toEqual(['etl.operator', 'etl.return']);
  });

  it('are to consume its own queues, of which nobody else takes anything', () => {
    expect(reads('transformer')).toEqual([
      'etl.raw.live.v1',
      'etl.raw.live.v1.again',
      'etl.raw.backfill.v1',
      'etl.raw.backfill.v1.again',
    ]);
    const all = (['extractor', 'transformer', 'loader', 'operator'] as const).flatMap(reads);
    expect(new Set(all).size).toBe(all.length);
    // What waits is nobody's: the broker moves it.
    const waiting = queues.filter(({ name }) => name.endsWith('.wait'));
    expect(all.length).toBe(queues.length - waiting.length);
  });

  it('are to make nothing, but for the lock of who looks at dead letters', () => {
    expect(rightsOf('loader').configure).toBe('^$');
    expect(rightsOf('operator').configure).toBe(String.raw`^(etl\.dead-letters\.lock)$`);
  });

  it('are those of an installation that shares a virtual host', () => {
    expect(rightsOf('transformer', { prefix: 'test.' }).write).toBe(String.raw`^(test\.etl\.transformer)$`);
  });
});
