import { TransientError } from '#messaging';

import { dialectOf } from './dialects.js';
import { DataFault, errorOf, policyOf } from './faults.js';

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
    ['57014', 'timeout'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['22003', 'data'],
    ['22P05', 'data'],
    ['23505', 'data'],
    ['54000', 'data'],
    ['42601', 'unknown'],
  ])('%s means %s', (code, kind) => {
    expect(postgres.fault(coded(code))).toMatchObject({ kind });
  });

  it('tell lost connections by words', () => {
    expect(postgres.fault(new Error('Connection terminated unexpectedly'))).toMatchObject({ kind: 'connection' });
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
    expect(error).toMatchObject({ outside: true, message: expect.stringContaining('disk') as string });
    expect(error.cause).toMatchObject({ message: 'could not extend file' });
  });

  it('tells data faults from all others', () => {
    expect(errorOf({ kind: 'data', reason: 'too long' })).toBeInstanceOf(DataFault);
    expect(errorOf({ kind: 'unknown', reason: 'odd' })).not.toBeInstanceOf(TransientError);
    expect(policyOf('conflict')).toBe('repeat');
  });
});
