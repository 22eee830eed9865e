import { TransientError } from '#messaging';

import { dialectOf } from './dialects.js';
import { DATABASE, DataFault, errorOf, isHopeless, kinds, type FaultKind } from './faults.js';

const postgres = dialectOf('postgresql');
const sqlite = dialectOf('sqlite');
const mssql = dialectOf('mssql');
const mariadb = dialectOf('mariadb');
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

describe('faults of SQL Server', () => {
  const numbered = (number: number, message: string) => Object.assign(new Error(message), { code: 'EREQUEST', number });

  it.each<[number, FaultKind, string]>([
    [208, 'missing', "Invalid object name 'sessions'."],
    [229, 'permission', "The SELECT permission was denied on the object 'sessions', database 'et', schema 'dbo'."],
    [245, 'data', "Conversion failed when converting the nvarchar value 's3cret' to data type int."],
    [
      515,
      'constraint',
      "Cannot insert the value NULL into column 'id', table 'et.dbo.agents'; column does not allow nulls.",
    ],
    [547, 'constraint', 'The INSERT statement conflicted with the CHECK constraint "few".'],
    [
      547,
      'parent',
      'The INSERT statement conflicted with the FOREIGN KEY constraint "fk". The conflict occurred in "et".',
    ],
    [547, 'parent', 'The DELETE statement conflicted with the REFERENCE constraint "fk".'],
    [
      1105,
      'disk',
      "Could not allocate space for object 'dbo.sessions' in database 'et' because the 'PRIMARY' filegroup is full.",
    ],
    [
      1205,
      'conflict',
      'Transaction (Process ID 51) was deadlocked on lock resources and has been chosen as the victim.',
    ],
    [1222, 'locked', 'Lock request time out period exceeded.'],
    [
      2601,
      'duplicate',
      "Cannot insert duplicate key row in object 'dbo.t' with unique index 'u'. The duplicate key value is (s3cret).",
    ],
    [2627, 'duplicate', "Violation of UNIQUE KEY constraint 'u'. The duplicate key value is (1, s3cret)."],
    [2628, 'data', "String or binary data would be truncated in table 't', column 'c'. Truncated value: 's3cret'."],
    [3960, 'conflict', 'Snapshot isolation transaction aborted due to update conflict.'],
    [8115, 'data', 'Arithmetic overflow error converting expression to data type int.'],
    [9002, 'disk', "The transaction log for database 'et' is full due to 'LOG_BACKUP'."],
    [10928, 'throttled', 'Resource ID: 1. The request limit for the database is 60 and has been reached.'],
    [40501, 'throttled', 'The service is currently busy. Retry the request after 10 seconds.'],
    [40613, 'connection', "Database 'et' on server 'srv' is not currently available."],
    [50000, 'unknown', "said a trigger of the customer's about 's3cret'"],
  ])('%i means %s: %s', (number, kind, message) => {
    const fault = mssql.fault(numbered(number, message));
    expect(fault?.kind).toBe(kind);
    expect(fault?.reason).toContain(String(number));
    expect(fault?.reason).not.toContain('s3cret');
  });

  it.each<[string, string, FaultKind]>([
    ['ELOGIN', "Login failed for user 'etl'.", 'credentials'],
    ['ELOGIN', 'Cannot open database "et" requested by the login. The login failed.', 'database'],
    ['ESOCKET', 'Failed to connect to db:1433 - connect ECONNREFUSED', 'connection'],
    ['ESOCKET', 'Failed to connect to db:1433 - self-signed certificate', 'tls'],
    ['ETIMEOUT', 'Failed to connect to db:1433 in 10000ms', 'connection'],
    ['ETIMEOUT', 'Failed to cancel request in 5000ms', 'timeout'],
    ['EINSTLOOKUP', 'Failed to get response from SQL Server Browser', 'connection'],
  ])('%s, %s, means %s', (code, message, kind) => {
    expect(mssql.fault(coded(code, message))).toMatchObject({ kind });
  });

  it.each(['unexpected end of message stream', 'operation timed out for an unknown reason'])(
    'without a code that tell of a lost connection: %s',
    (message) => {
      expect(mssql.fault(new Error(message))).toEqual({ kind: 'connection', reason: message });
    },
  );

  it('are data where an endpoint of the protocol does not take a text', () => {
    const error = numbered(33557097, 'invalid UTF16 byte sequence - code point 0 not supported');
    expect(mssql.fault(error)).toMatchObject({ kind: 'data' });
  });
});

describe('faults of MariaDB and MySQL', () => {
  it.each<[number, FaultKind, string]>([
    [1062, 'duplicate', "Duplicate entry 's3cret' for key 'u'"],
    [1146, 'missing', "Table 'et.sessions' doesn't exist"],
    [1205, 'locked', 'Lock wait timeout exceeded; try restarting transaction'],
    [1213, 'conflict', 'Deadlock found when trying to get lock; try restarting transaction'],
    [1264, 'data', "Out of range value for column 'amount' at row 1"],
    [1366, 'data', "Incorrect integer value: 's3cret' for column `et`.`cells`.`amount` at row 1"],
    [1452, 'parent', 'Cannot add or update a child row: a foreign key constraint fails'],
    [3024, 'timeout', 'Query execution was interrupted, maximum statement execution time exceeded'],
    [3819, 'constraint', "Check constraint 'few' is violated."],
  ])('%i means %s: %s', (errno, kind, message) => {
    const fault = mariadb.fault(Object.assign(new Error(message), { code: 'ER', errno }));
    expect(fault?.kind).toBe(kind);
    expect(fault?.reason).toContain(String(errno));
    expect(fault?.reason).not.toContain('s3cret');
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

it('name the database as away where no work at all can be done', () => {
  const all = Object.keys(kinds) as FaultKind[];
  const away = all.filter((kind) => (errorOf({ kind, reason: '…' }) as TransientError).away === DATABASE);
  expect(away.sort()).toEqual(
    ['connection', 'credentials', 'database', 'disk', 'file', 'readOnly', 'resources', 'throttled', 'tls'].sort(),
  );
});
