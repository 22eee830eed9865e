import { TransientError } from '#messaging';

import { dialectOf } from './dialects.js';
import { DataFault, errorOf, isHopeless } from './faults.js';

const postgres = dialectOf('postgresql');
const sqlite = dialectOf('sqlite');
const coded = (code: string, message = 'said the database') => Object.assign(new Error(message), { code });

describe('faults of PostgreSQL', () => {
  it.each([
    ['40P01', 'conflict'],
    ['40001', 'conflict'],
    ['08006', 'connection'],
    ['57P01', 'connection'],
    ['ECONNREFUSED', 'connection'],
    ['28P01', 'credentials'],
    ['3D000', 'database'],
    ['42501', 'permission'],
    ['42P01', 'missing'],
    ['23503', 'parent'],
    ['53100', 'disk'],
    ['53300', 'resources'],
    ['25006', 'readOnly'],
    ['55P03', 'locked'],
    ['57014', 'timeout'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['22003', 'data'],
    ['22P05', 'data'],
    ['23505', 'duplicate'],
    ['23514', 'constraint'],
    ['42883', 'unsupported'],
    ['54000', 'data'],
    ['42601', 'unsupported'],
    ['22P02', 'data'],
    ['42804', 'unknown'],
  ])('%s means %s', (code, kind) => {
    expect(postgres.fault(coded(code))).toMatchObject({ kind });
  });

  it.each([
    ['Connection terminated unexpectedly', 'connection'],
    ['timeout expired', 'connection'],
    ['The server does not support SSL connections', 'tls'],
    ['SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string', 'credentials'],
    ['There was an error establishing an SSL connection', 'tls'],
  ])('are told by words: %s means %s', (message, kind) => {
    expect(postgres.fault(new Error(message))).toEqual({ kind, reason: message });
  });

  it('name the constraint and no value', () => {
    const error = Object.assign(coded('22P02', 'invalid input syntax for type integer: "a "secret" word"'), {
      column: 'score',
    });
    expect(postgres.fault(error)?.reason).toBe('invalid input syntax for type integer: "…" (22P02, score)');
  });

  it('are found where another error wraps them', () => {
    expect(postgres.fault(new Error('saving', { cause: coded('40P01') }))).toMatchObject({ kind: 'conflict' });
  });

  it('are none of these', () => {
    for (const other of [new Error('a mistake'), coded('ERR_ASSERTION'), 'text', new DataFault('known'), null]) {
      expect(postgres.fault(other)).toBeNull();
    }
    const judged = new TransientError('judged', { cause: coded('40P01') });
    expect(postgres.fault(judged)).toBeNull();
  });
});

describe('faults of SQLite', () => {
  it.each([
    ['SQLITE_BUSY', 'locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_CONSTRAINT_DATATYPE', 'data'],
    ['SQLITE_CONSTRAINT_CHECK', 'constraint'],
    ['SQLITE_CONSTRAINT_UNIQUE', 'duplicate'],
    ['SQLITE_CONSTRAINT_PRIMARYKEY', 'duplicate'],
    ['SQLITE_CONSTRAINT_FOREIGNKEY', 'parent'],
    ['SQLITE_TOOBIG', 'data'],
    ['SQLITE_FULL', 'disk'],
    ['SQLITE_IOERR_WRITE', 'disk'],
    ['SQLITE_CANTOPEN', 'file'],
    ['SQLITE_READONLY_DBMOVED', 'readOnly'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_NOTADB', 'notDatabase'],
    ['SQLITE_ERROR', 'unknown'],
  ])('%s means %s', (code, kind) => {
    expect(sqlite.fault(coded(code))).toMatchObject({ kind });
  });

  it('tell missing tables by words', () => {
    expect(sqlite.fault(coded('SQLITE_ERROR', 'no such table: sessions'))).toMatchObject({ kind: 'missing' });
  });

  it('are none of these', () => {
    expect(sqlite.fault(coded('ECONNREFUSED'))).toBeNull();
  });
});

describe('the error of a fault', () => {
  it('is transient and outside, with a hint, where the database is away', () => {
    const error = errorOf({ kind: 'disk', reason: 'could not extend file' });
    expect(error).toBeInstanceOf(TransientError);
    expect(error).toMatchObject({ outside: true, message: expect.stringContaining('disk') as string });
    expect(error.cause).toMatchObject({ message: 'could not extend file', code: 'disk' });
    expect(isHopeless(error)).toBe(false);
  });

  it('tells records to be rejected from all others', () => {
    const error = errorOf({ kind: 'data', reason: 'too long' });
    expect(error).toBeInstanceOf(DataFault);
    expect(error.message).toMatch(/^too long; .*widen the column/);
  });

  it('is neither where the fault is unknown', () => {
    const error = errorOf({ kind: 'unknown', reason: 'odd' });
    expect(error).not.toBeInstanceOf(TransientError);
    expect(error).not.toBeInstanceOf(DataFault);
  });

  it('ends a loader that starts, and keeps messages of one that runs, where waiting is of no use', () => {
    const error = errorOf({ kind: 'notDatabase', reason: 'file is not a database' });
    expect(error).toMatchObject({ outside: true });
    expect(isHopeless(error)).toBe(true);
  });
});
