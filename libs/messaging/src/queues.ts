import type { Depth } from './backend.js';

/** What lies in the queues. A backend fulfils it; services inject this class. */
export abstract class Queues {
  /** Rejects where the broker does not answer within seconds. */
  abstract depth(): Promise<Depth[]>;
}
