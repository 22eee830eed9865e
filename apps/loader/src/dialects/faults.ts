import { TransientError } from '#messaging';

/**
 * What the loader does about an error of the database. The transaction is rolled back, and done again at once up to
 * `tries` times in all, without a number once. `wait`: not this work's fault, it is set aside until the database is
 * well. `data`: the records to blame are found and rejected. `stop`: as `wait`, but a loader that meets it at its start
 * ends, for nothing heals by itself. `fail`: unknown; messages use up their attempts.
 */
interface Policy {
  readonly tries?: number;
  readonly action: 'wait' | 'data' | 'stop' | 'fail';
  /** No work at all can be done: the loader takes no messages until a probe succeeds. */
  readonly away?: boolean;
  /** What an operator can do, whatever the dialect. */
  readonly hint: string;
}

/** docs/faults.md explains each, and lists the codes of every dialect. */
export const kinds = {
  connection: {
    tries: 6,
    action: 'wait',
    away: true,
    hint: 'is the database running, and are host and port of DATABASE_URL right?',
  },
  conflict: { tries: 6, action: 'wait', hint: 'other transactions were in the way every time' },
  locked: { action: 'wait', hint: 'somebody else keeps what the loader needs locked; end what holds the lock' },
  timeout: { action: 'wait', hint: 'the database is slow; give it time by DATABASE_STATEMENT_TIMEOUT' },
  throttled: {
    action: 'wait',
    away: true,
    hint: 'the database is at the limit of its service tier; choose a larger one',
  },
  resources: { action: 'wait', away: true, hint: 'the database has no connection or memory left; lower DATABASE_POOL' },
  disk: { action: 'wait', away: true, hint: 'the disk of the database is full or failing' },
  credentials: { action: 'wait', away: true, hint: 'check user and password in DATABASE_URL' },
  tls: {
    action: 'wait',
    away: true,
    hint: 'TLS could not be agreed; see DATABASE_TLS, and DATABASE_TLS_CA and DATABASE_TLS_VERIFY for the certificate',
  },
  database: { action: 'wait', away: true, hint: 'the database of DATABASE_URL does not exist; create it' },
  permission: { action: 'wait', hint: 'grant the user of DATABASE_URL what it lacks' },
  missing: { action: 'wait', hint: 'a table or column is missing; restart the loader or apply its schema' },
  parent: {
    tries: 3,
    action: 'wait',
    hint: 'a foreign key has no parent row; fill the table it points to, or drop the foreign key',
  },
  readOnly: {
    action: 'wait',
    away: true,
    hint: 'the database is read-only: a standby, or a file without write permission',
  },
  file: { action: 'wait', away: true, hint: 'DATABASE_URL has to name a file in a folder that this user may write to' },
  corrupt: { action: 'wait', hint: 'the database is damaged; restore it' },
  notDatabase: { action: 'stop', hint: 'DATABASE_URL names a file that is no SQLite database; name another' },
  unsupported: {
    action: 'stop',
    hint: 'the database does not know a statement; it has to be SQL Server 2016, PostgreSQL 13, MariaDB 10.6, MySQL 8 or newer',
  },
  data: { action: 'data', hint: 'a value does not fit its column; widen the column, or mend the record in ET' },
  constraint: { action: 'data', hint: 'a constraint refuses a row; drop the constraint, or mend the record in ET' },
  duplicate: {
    tries: 3,
    action: 'data',
    hint: 'a unique key has that row already; drop the key, or mend the record in ET',
  },
  unknown: { action: 'fail', hint: 'the database refused a statement' },
} as const satisfies Record<string, Policy>;
export type FaultKind = keyof typeof kinds;

/** What faults name as away. */
export const DATABASE = 'database';

/** An error of a driver as each dialect tells it. `reason` holds no values of rows. */
export interface Fault {
  readonly kind: FaultKind;
  readonly reason: string;
}

/** What the database said, without values of rows. Logs show the kind as `code`. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';

  constructor(
    readonly code: FaultKind,
    reason: string,
  ) {
    super(reason);
  }
}

/** Some row holds a value the database does not take. The message names no value. */
export class DataFault extends Error {
  override readonly name = 'DataFault';
}

export function policyOf(kind: FaultKind): Policy {
  return kinds[kind];
}

/**
 * The error to throw for a fault once there are no tries left. Only its reason is kept as cause: drivers' errors carry
 * whole rows (`detail`), which must not reach a log.
 */
export function errorOf({ kind, reason }: Fault): Error {
  const { action, hint, away } = policyOf(kind);
  const cause = new DatabaseFault(kind, reason);
  if (action === 'data') return new DataFault(`${reason}; ${hint}`, { cause });
  if (action === 'fail') return new Error(hint, { cause });
  return new TransientError(`the database cannot do it now: ${hint}`, {
    cause,
    outside: true,
    ...(away ? { away: DATABASE } : {}),
  });
}

/** Whether waiting is of no use: a loader that meets this at its start ends. */
export function isHopeless(error: unknown): boolean {
  return error instanceof Error && error.cause instanceof DatabaseFault && policyOf(error.cause.code).action === 'stop';
}

/** What stands in quotes may be a value of a row. */
export function withoutValues(message: string): string {
  return message.replace(/["'].*["']/s, '"…"');
}

/** Errors of the network, as Node names them; no dialect's own. */
export const networkCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  // Of a socket that is not there.
  'ENOENT',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** TLS as Node tells of it: what the certificate lacks, or what could not be agreed. */
export const tlsCode = /CERT|SIGNATURE|^ERR_(SSL|TLS)|^EPROTO$/;
