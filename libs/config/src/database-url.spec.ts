import { DatabaseUrlError } from './database-url-error.js';
import { parseDatabaseUrl } from './database-url.js';

const odbc = (text: string) => `mssql+pyodbc:///?odbc_connect=${encodeURIComponent(text)}`;
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
      { dialect: 'mariadb', port: 3306, options: { charset: 'utf8mb4' } },
    ],
    ['mariadb+mariadbconnector://ann:pw@db/et', { dialect: 'mariadb' }],
    ['mysql://ann:pw@/et?unix_socket=/run/s', { dialect: 'mariadb', host: '', options: { unix_socket: '/run/s' } }],
    ['mssql://ann:pw@db/et', { dialect: 'mssql' }],
    ['sqlserver://ann:pw@[2001:db8::1]:1433/et', { dialect: 'mssql', host: '2001:db8::1', port: 1433 }],
    [
      'mssql+pyodbc://ann:pw@db:1433/et?driver=ODBC+Driver+17+for+SQL+Server&Encrypt=yes',
      { dialect: 'mssql', port: 1433, options: { driver: 'ODBC Driver 17 for SQL Server', encrypt: 'yes' } },
    ],
    ['mssql+pyodbc://ann:pw@db\\inst/et', { dialect: 'mssql', instance: 'inst' }],
    ['mssql+pyodbc://ann:pw@db%5Cinst/et', { dialect: 'mssql', instance: 'inst' }],
    ['mssql+pyodbc://ann:pw@db\\inst:1500/et', { dialect: 'mssql', port: 1500 }],
    ['mssql+pyodbc://ann:pw@db,1500/et', { dialect: 'mssql', port: 1500 }],
    ['mssql+pyodbc://ann:pw@.\\SQLEXPRESS/et', { dialect: 'mssql', host: 'localhost', instance: 'SQLEXPRESS' }],
    ['mssql+pymssql://ann:pw@db/et', { dialect: 'mssql' }],
    ['sqlserver://ann:pw@db/inst?database=et', { dialect: 'mssql', instance: 'inst' }],
    ['sqlserver://ann:pw@db?database=et&encrypt=disable', { dialect: 'mssql', options: { encrypt: 'disable' } }],
    [
      'jdbc:sqlserver://db:1433;databaseName=et;user=ann;password={pw};encrypt=true;',
      { dialect: 'mssql', port: 1433, options: { encrypt: 'true' } },
    ],
    ['sqlserver://db\\inst;database=et;user=ann;password=pw', { dialect: 'mssql', instance: 'inst' }],
    ['sqlserver://ann:p;w@db/et', { dialect: 'mssql', password: 'p;w' }],
    [
      'mssql+pyodbc:///?odbc_connect=DRIVER%3D%7BODBC+Driver+18%7D%3BSERVER%3Dtcp%3Adb%2C1434%3BDATABASE%3Det%3BUID%3Dann%3BPWD%3D%7Bp%3B%7D%7Dw%7D',
      { dialect: 'mssql', port: 1434, password: 'p;}w', options: { driver: 'ODBC Driver 18' } },
    ],
    [
      odbc('Server=(local)\\inst;Database=et;UID=ann;PWD=pw'),
      { dialect: 'mssql', host: 'localhost', instance: 'inst' },
    ],
    [odbc('Data Source=db;Port=1500;Initial Catalog=et;User ID=ann;Password=pw'), { dialect: 'mssql', port: 1500 }],
    [
      odbc('SERVER=db;DATABASE=et;UID=ann;PWD=pw;Trusted_Connection=no;APP=etl'),
      { dialect: 'mssql', options: { trusted_connection: 'no', app: 'etl' } },
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
    ['mssql://ann@azure:s3cret@db/et', 'has a port that is no number from 1 to 65535'],
    [odbc('SERVER=db,s3cret;DATABASE=et'), 'has a port that is no number from 1 to 65535'],
    [odbc('DSN=warehouse;UID=ann;PWD=s3cret'), 'names a DSN, which is known to ODBC alone'],
    [odbc('SERVER=np:db;UID=ann;PWD=s3cret'), 'names a server that is not reached by TCP'],
    ['mssql+pyodbc://(localdb)\\MSSQLLocalDB/et', 'names a server that is not reached by TCP'],
  ])('refuses %s without repeating it', (url, problem) => {
    const read = () => parseDatabaseUrl(url);
    expect(read).toThrow(DatabaseUrlError);
    expect(read).toThrow(problem);
    expect(problem).not.toContain('s3cret');
  });
});
