export { counter, gauge, histogram } from './metrics.js';
export type { Measured, Metric, Reading } from './metrics.js';
export type { Check, Checks } from './readiness.js';
export { serveHealth } from './serve-health.js';
export type { HealthOptions, HealthServer } from './serve-health.js';
