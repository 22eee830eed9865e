import { DatabaseUrlError, portOf } from './database-url-error.js';
import { parseOdbc, parseServer } from './odbc.js';

/** A database as its URL names it, before defaults. `options` is the query, names in lower case. */
export type DatabaseUrl = { readonly dialect: 'sqlite'; readonly file: string } | ServerUrl;

export interface ServerUrl {
  /** MariaDB stands for MySQL too. */
  readonly dialect: 'postgresql' | 'mssql' | 'mariadb';
  readonly host: string;
  /** A named instance of SQL Server. */
  readonly instance?: string | undefined;
  readonly port: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly options: Readonly<Record<string, string>>;
}

const dialects: Readonly<Record<string, DatabaseUrl['dialect']>> = {
  sqlite: 'sqlite',
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mssql: 'mssql',
  sqlserver: 'mssql',
  mysql: 'mariadb',
  mariadb: 'mariadb',
};

/** The URL's grammar as SQLAlchemy reads it: unlike a web URL, a password may hold `/`, `?` and `#`. */
const grammar =
  /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:\/\/(?:([^:/@]*)(?::([^@]*))?@)?(?:\[([^\]/?]+)\]|([^/:?]*))(?::([^/?]*))?(?:\/([^?]*))?(?:\?(.*))?$/is;
/** JDBC's form has no user before the host, and options instead of a path. */
const jdbc = /^(?:jdbc:)?sqlserver:\/\/([^;/?@]*);([\w ]+=.*)$/is;

/**
 * Reads a database URL, SQLAlchemy's forms included: `sqlite:///relative`, `sqlite:////absolute`,
 * `postgresql+psycopg2://…`, `mssql+pyodbc://user:pass@host\instance/db?driver=…`,
 * `mssql+pyodbc:///?odbc_connect=…`, `mysql+pymysql://…`; of SQL Server also `sqlserver://host:1433;database=…` (JDBC)
 * and `sqlserver://user:pass@host/instance?database=…` (Go). Throws `DatabaseUrlError`.
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const [, address, properties = ''] = jdbc.exec(url.trim()) ?? [];
  if (address !== undefined) {
    return { dialect: 'mssql', ...parseOdbc(`server={${address.replace(/:(\d*)$/, ',$1')}};${properties}`) };
  }
  const parts = grammar.exec(url.trim());
  const dialect = dialects[parts?.[1]?.toLowerCase() ?? ''];
  if (!parts || !dialect) throw unreadable(url);
  const [, , user = '', password = '', ipv6, name = '', port, path = '', query = ''] = parts;
  const host = ipv6 ?? name;
  if (dialect === 'sqlite') return { dialect, file: sqliteFile(host, url.trim()) };
  if (host.includes('@')) throw new DatabaseUrlError('has more than one @', 'write @ in a user or password as %40');
  const options = Object.fromEntries(
    [...new URLSearchParams(query)].map(([option, value]) => [option.toLowerCase(), value]),
  );
  const { odbc_connect: odbc, ...others } = options;
  if (odbc !== undefined) return { dialect, ...parseOdbc(odbc) };
  const server = {
    dialect,
    host: decode(host),
    port: portOf(port),
    user: decode(user),
    password: decode(password),
    database: decode(path),
    options: others,
  };
  return dialect === 'mssql' ? { ...server, ...sqlServer(server) } : server;
}

/** What SQL Server has of its own: instances, and Go's way to name them by the path. */
function sqlServer({ host, port, database: path, options }: Omit<ServerUrl, 'dialect'>): Partial<ServerUrl> {
  const { database, ...others } = options;
  const instance = database !== undefined && path !== '' ? `\\${path}` : '';
  const address = parseServer(`${host}${instance}${port === undefined ? '' : `,${port}`}`);
  return { ...address, database: database ?? path, options: others };
}

/** SQLAlchemy gives a file after three slashes, an absolute one after four; nothing is percent-decoded. */
function sqliteFile(host: string, url: string): string {
  const file = /^[^:]+:\/\/\/([^?]*)/.exec(url)?.[1] ?? '';
  if (host !== '' || file === '' || file === ':memory:') {
    const mend = 'write sqlite:///data/et.sqlite (relative) or sqlite:////var/lib/et.sqlite (absolute)';
    throw new DatabaseUrlError('names no file', mend);
  }
  return file;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new DatabaseUrlError('has a % that starts no percent-encoded character', 'write % itself as %25');
  }
}

function unreadable(url: string): DatabaseUrlError {
  const scheme = /^[a-z0-9+]+(?=:\/\/)/i.exec(url.trim())?.[0];
  const problem = scheme ? `has the scheme ${scheme}, which is no database known here` : 'is no database URL';
  const mend = 'write mssql://, postgresql:// or mysql:// and user:password@host/database, or sqlite:///file';
  return new DatabaseUrlError(problem, mend);
}
