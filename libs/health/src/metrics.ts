import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A metric that `/metrics` can tell. */
export type Metric = Counter | Gauge | Histogram;

/** One number, and what tells it from the others of its metric. A label that does not apply is left out. */
export interface Reading {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Name and meaning as `docs/metrics.md` has them. */
export interface Measured {
  readonly name: string;
  readonly help: string;
  /** Few values each: every combination is a series that Prometheus keeps. */
  readonly labelNames?: readonly string[];
}

/** Counts that are kept elsewhere, and read when somebody asks. They never fall. */
export function counter(measured: Measured, read: () => Iterable<Reading>): Metric {
  return new Counter({
    ...configuration(measured),
    collect() {
      this.reset();
      for (const { labels = {}, value } of read()) this.inc(labels, value);
    },
  });
}

/** Numbers as they stand when somebody asks. */
export function gauge(measured: Measured, read: () => Iterable<Reading>): Metric {
  return new Gauge({
    ...configuration(measured),
    collect() {
      this.reset();
      for (const { labels = {}, value } of read()) this.set(labels, value);
    },
  });
}

/** What is told of each time it happens; `buckets` are upper bounds in the metric's unit. */
export function histogram(measured: Measured, buckets: readonly number[]): Histogram {
  return new Histogram({ ...configuration(measured), buckets: [...buckets] });
}

/** One of its own, for several services may run in one process: Node's own metrics, to which others are added. */
export function processRegistry(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}

function configuration({ name, help, labelNames = [] }: Measured) {
  return { name, help, labelNames: [...labelNames], registers: [] };
}
