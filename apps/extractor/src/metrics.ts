import { lanes } from '#contracts';
import { counter, gauge, type Metric } from '#health';

import type { EtStats } from './et/client.js';

/** What is measured of requests to ET, logins included. */
export function etMetrics(stats: () => EtStats): Metric[] {
  return [
    counter(
      {
        name: 'etl_et_requests_total',
        help: 'Requests to Ender Turing by how they ended: ok (2xx), auth (401), forbidden (403), not_found (404, 410), rate_limit (429), refused (other 4xx), server (5xx, 408, 425), unreachable, tls, not_json, too_large',
        labelNames: ['outcome'],
      },
      () =>
        Object.entries(stats().outcomes).map(([outcome, value]) => ({
          labels: { outcome: outcome.replaceAll(' ', '_') },
          value,
        })),
    ),
    gauge({ name: 'etl_et_requests_in_flight', help: 'Requests to Ender Turing that wait for an answer' }, () => [
      { value: stats().inFlight },
    ]),
    gauge(
      {
        name: 'etl_et_requests_limit',
        help: 'Most requests in flight for now: halved where Ender Turing complains, growing to ET_CONCURRENCY',
      },
      () => [{ value: stats().limit }],
    ),
    counter(
      {
        name: 'etl_et_limit_wait_seconds_total',
        help: 'Seconds that requests waited for their turn: for that limit, and where Ender Turing asked to wait',
        labelNames: ['lane'],
      },
      () => lanes.map((lane) => ({ labels: { lane }, value: stats().waitedMs[lane] / 1000 })),
    ),
  ];
}
