import type { Dialect } from '../../support/suites.js';
import { loadDataGuarded, multiRowBare } from './mariadb.js';
import { bulkBare, bulkGuarded } from './mssql.js';
import { copyBare, copyGuarded } from './postgresql.js';
import { preparedLoop, stagedGuarded } from './sqlite.js';
import { openProduct, type Open } from './way.js';

export const wayNames = ['product', 'guarded', 'bare'] as const;
export type WayName = (typeof wayNames)[number];

export interface Way {
  readonly title: string;
  readonly open: Open;
  /** What the product's rows a second are to be of this way's, at least. */
  readonly aim?: number;
}

const product: Way = { title: 'et-etl', open: openProduct };

/** Per dialect: the product, the server's bulk load with the same guarded merge, and the fastest way without guards. */
export const ways: Readonly<Record<Dialect, Readonly<Record<WayName, Way>>>> = {
  sqlite: {
    product,
    guarded: { title: 'temporary tables + same merge', open: stagedGuarded },
    bare: { title: 'bare prepared loop', open: preparedLoop, aim: 0.9 },
  },
  postgresql: {
    product,
    guarded: { title: 'COPY + same merge', open: copyGuarded, aim: 0.9 },
    bare: { title: 'COPY + bare merge', open: copyBare, aim: 0.7 },
  },
  mariadb: {
    product,
    guarded: { title: 'LOAD DATA + same merge', open: loadDataGuarded, aim: 0.85 },
    bare: { title: 'bare multi-row statements', open: multiRowBare, aim: 0.6 },
  },
  mssql: {
    product,
    guarded: { title: 'bulk load + same merge', open: bulkGuarded },
    bare: { title: 'bulk load + bare merge', open: bulkBare, aim: 0.7 },
  },
};
