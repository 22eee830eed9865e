import { MergeTally } from './metrics.js';

const written = (rows: Record<string, number>) => async () => ({ written: rows });

it('sums rows up by table and times every merge, those that failed too', async () => {
  const tally = new MergeTally();
  expect(await tally.timed('live', written({ sessions: 3, scores: 2 }))).toEqual({
    written: { sessions: 3, scores: 2 },
  });
  await tally.timed('backfill', written({ sessions: 1 }));
  const failing = tally.timed('live', async () => Promise.reject(new Error('deadlock')));
  await expect(failing).rejects.toThrow('deadlock');
  const [durations, rows] = await Promise.all(tally.metrics().map((metric) => metric.get()));
  expect(rows?.values).toEqual([
    { labels: { table: 'sessions' }, value: 4 },
    { labels: { table: 'scores' }, value: 2 },
  ]);
  const counts = durations?.values.filter((value) => 'metricName' in value && /_count$/.test(String(value.metricName)));
  expect(counts?.map(({ labels, value }) => ({ ...labels, value }))).toEqual([
    { lane: 'live', outcome: 'merged', value: 1 },
    { lane: 'backfill', outcome: 'merged', value: 1 },
    { lane: 'live', outcome: 'failed', value: 1 },
  ]);
});
