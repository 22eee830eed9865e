import { failures } from './et/errors.js';
import { etMetrics } from './metrics.js';

it('tells requests by how they ended, in words that queries need not quote twice', async () => {
  const outcomes = { ...Object.fromEntries(failures.map((kind) => [kind, 0])), ok: 5, 'rate limit': 2 };
  const waitedMs = { live: 1500, backfill: 0 };
  const stats = () => ({ requests: 7, outcomes, inFlight: 3, limit: 8, waitedMs }) as never;
  const [requests, inFlight, limit, waited] = await Promise.all(etMetrics(stats).map((metric) => metric.get()));
  expect(requests?.values).toEqual(
    expect.arrayContaining([
      { labels: { outcome: 'ok' }, value: 5 },
      { labels: { outcome: 'rate_limit' }, value: 2 },
      { labels: { outcome: 'not_found' }, value: 0 },
    ]),
  );
  expect([inFlight?.values[0]?.value, limit?.values[0]?.value]).toEqual([3, 8]);
  expect(waited?.values).toEqual([
    { labels: { lane: 'live' }, value: 1.5 },
    { labels: { lane: 'backfill' }, value: 0 },
  ]);
});
