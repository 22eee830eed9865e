import { TransientError } from '#messaging';

/**
 * What a database's error means for the work in hand, and what an operator can do. `repeat`: at once, a few times, then
 * wait. `wait`: not this work's fault, it is set aside until the database is well. `data`: a value the database does
 * not take; somebody has to find the row. `fail`: unknown.
 */
const kinds = {
  conflict: { policy: 'repeat', hint: 'other transactions were in the way' },
  connection: { policy: 'repeat', hint: 'is the database running, and are host and port right?' },
  locked: { policy: 'wait', hint: 'another process keeps the database file locked' },
  timeout: { policy: 'wait', hint: 'the database is slow or locked by somebody' },
  credentials: { policy: 'wait', hint: 'check user and password in DATABASE_URL' },
  tls: { policy: 'wait', hint: 'TLS could not be agreed; check sslmode in DATABASE_URL and the certificate' },
  database: { policy: 'wait', hint: 'the database of DATABASE_URL does not exist; create it' },
  permission: { policy: 'wait', hint: 'grant the user of DATABASE_URL what it lacks' },
  missing: { policy: 'wait', hint: 'a table or column is missing; restart the loader or apply its schema' },
  parent: { policy: 'wait', hint: 'a foreign key has no parent row' },
  disk: { policy: 'wait', hint: 'the disk of the database is full or failing' },
  resources: { policy: 'wait', hint: 'the database has no connection or memory left' },
  readOnly: { policy: 'wait', hint: 'the database is read-only: a standby, or a file without write permission' },
  file: { policy: 'wait', hint: 'DATABASE_URL has to name a file in a folder that this user may write to' },
  notDatabase: { policy: 'wait', hint: 'DATABASE_URL names a file that is no SQLite database; name another' },
  corrupt: { policy: 'wait', hint: 'the database file is damaged; restore it' },
  data: { policy: 'data', hint: 'a value the column does not take' },
  unknown: { policy: 'fail', hint: '' },
} as const satisfies Record<string, { policy: 'repeat' | 'wait' | 'data' | 'fail'; hint: string }>;
export type FaultKind = keyof typeof kinds;

/** An error of a driver as each dialect tells it. `reason` holds no values of rows. */
export interface Fault {
  readonly kind: FaultKind;
  readonly reason: string;
}

/** Some row holds a value the database does not take. The message names no value. */
export class DataFault extends Error {
  override readonly name = 'DataFault';
}

export function policyOf(kind: FaultKind): 'repeat' | 'wait' | 'data' | 'fail' {
  return kinds[kind].policy;
}

/**
 * The error to throw for a fault. Only its reason is kept as cause: drivers' errors carry whole rows (`detail`), which
 * must not reach a log.
 */
export function errorOf({ kind, reason }: Fault): Error {
  const { policy, hint } = kinds[kind];
  if (policy === 'data') return new DataFault(reason);
  if (policy === 'fail') return new Error(`the database refused a statement: ${reason}`);
  return new TransientError(`the database cannot do it now: ${hint}`, { outside: true, cause: new Error(reason) });
}

/** What stands in quotes may be a value of a row. */
export function withoutValues(message: string): string {
  return message.replace(/["'].*["']/s, '"…"');
}

/** Errors of the network, as Node names them; no dialect's own. */
export const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
