export { createLogger } from './logger.js';
export type { Logger } from './logger.js';
export { messageOf } from './errors.js';
export { printable } from './printable.js';
