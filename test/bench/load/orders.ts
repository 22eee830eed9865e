import type { FreshDatabase } from '../../support/databases.js';
import type { Dialect } from '../../support/suites.js';
import type { WayName } from './ways.js';

/** Transactions to make ready: sample groups with their content and version. */
export interface Work {
  readonly groups: readonly number[];
  readonly content: number;
  readonly version: number;
}

/** What the bench asks of a process that loads; each is answered once it is done. */
export type Order =
  | {
      readonly order: 'open';
      readonly dialect: Dialect;
      readonly way: WayName;
      readonly fresh: Omit<FreshDatabase, 'drop'>;
    }
  | ({ readonly order: 'prepare' } & Work)
  | { readonly order: 'load' }
  | { readonly order: 'close' };

export interface Answer {
  readonly error?: string;
  /** After `load`: of the whole process, all threads. */
  readonly cpuSeconds?: number;
}
