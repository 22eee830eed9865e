export { classifyFailure, RejectedError, TransientError } from './failures.js';
export type { Settlement } from './failures.js';
export { Publisher } from './publisher.js';
export type { Delivery } from './publisher.js';
