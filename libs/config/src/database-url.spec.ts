import { DatabaseUrlError, parseDatabaseUrl } from './database-url.js';

const server = { port: undefined, user: 'ann', password: 'pw', host: 'db', database: 'et', options: {} };

describe('parseDatabaseUrl', () => {
  it.each([
    ['sqlite:///data/et.sqlite', 'data/et.sqlite'],
    ['sqlite:////var/lib/et.sqlite', '/var/lib/et.sqlite'],
    ['sqlite:///C:\\data\\et.sqlite', 'C:\\data\\et.sqlite'],
    ['sqlite+pysqlite:///a%20b.db', 'a%20b.db'],
    ['sqlite:///et.sqlite?timeout=5', 'et.sqlite'],
  ])('reads the file of %s', (url, file) => {
    expect(parseDatabaseUrl(url)).toEqual({ dialect: 'sqlite', file });
  });

  it.each([
    ['postgresql://ann:pw@db/et', { dialect: 'postgresql' }],
    ['postgres://ann:pw@db:5433/et', { dialect: 'postgresql', port: 5433 }],
    ['postgresql+psycopg2://ann:pw@db/et', { dialect: 'postgresql' }],
    ['postgresql+asyncpg://ann:p%40%2F%25@db/et', { dialect: 'postgresql', password: 'p@/%' }],
    ['postgresql://ann:p/w?x#y@db/et', { dialect: 'postgresql', password: 'p/w?x#y' }],
    ['postgresql://ann:a+b@db/et', { dialect: 'postgresql', password: 'a+b' }],
    ['postgresql://ann:pw@[::1]:5433/et', { dialect: 'postgresql', host: '::1', port: 5433 }],
    ['postgresql://ann:pw@/et?host=/run/pg', { dialect: 'postgresql', host: '', options: { host: '/run/pg' } }],
    ['postgresql://ann@db', { dialect: 'postgresql', password: '', database: '' }],
    ['POSTGRESQL://ann:pw@db/et?SSLMode=require', { dialect: 'postgresql', options: { sslmode: 'require' } }],
    [
      'mysql+pymysql://ann:pw@db:3306/et?charset=utf8mb4',
      { dialect: 'mysql', port: 3306, options: { charset: 'utf8mb4' } },
    ],
    ['mariadb+mariadbconnector://ann:pw@db/et', { dialect: 'mariadb' }],
    [
      'mssql+pyodbc://ann:pw@db:1433/et?driver=ODBC+Driver+17+for+SQL+Server&Encrypt=yes',
      { dialect: 'mssql', port: 1433, options: { driver: 'ODBC Driver 17 for SQL Server', encrypt: 'yes' } },
    ],
    ['mssql+pyodbc://ann:pw@db\\inst/et', { dialect: 'mssql', host: 'db\\inst' }],
    ['mssql+pymssql://ann:pw@db/et', { dialect: 'mssql' }],
    [
      'mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC+Driver+18%7D%3BSERVER%3Dtcp%3Adb%2C1434%3BDATABASE%3Det%3BUID%3Dann%3BPWD%3D%7Bp%3B%7D%7Dw%7D',
      { dialect: 'mssql', port: 1434, password: 'p;}w', options: { driver: 'ODBC Driver 18' } },
    ],
  ])('reads %s', (url, differing) => {
    expect(parseDatabaseUrl(url)).toEqual({ ...server, ...differing });
  });

  it.each([
    ['', 'is no database URL'],
    ['/var/lib/et.sqlite', 'is no database URL'],
    ['oracle://ann:s3cret@db/et', 'has the scheme oracle, which is no database known here'],
    ['sqlite://', 'names no file'],
    ['sqlite:///:memory:', 'names no file'],
    ['sqlite://et.sqlite', 'names no file'],
    ['postgresql://ann:s3cret@x@db/et', 'has more than one @'],
    ['postgresql://ann:s3cret%zz@db/et', 'has a % that starts no percent-encoded character'],
    ['postgresql://ann:pw@db:s3cret/et', 'has a port that is no number from 1 to 65535'],
    ['postgresql://ann:pw@db:70000/et', 'has a port that is no number from 1 to 65535'],
  ])('refuses %s without repeating it', (url, problem) => {
    const read = () => parseDatabaseUrl(url);
    expect(read).toThrow(DatabaseUrlError);
    expect(read).toThrow(problem);
    expect(problem).not.toContain('s3cret');
  });
});
