import { parseOdbc } from './odbc.js';

/** A database as its URL names it, before defaults. `options` is the query, names in lower case. */
export type DatabaseUrl =
  | { readonly dialect: 'sqlite'; readonly file: string }
  | {
      readonly dialect: 'postgresql' | 'mssql' | 'mysql' | 'mariadb';
      readonly host: string;
      readonly port: number | undefined;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      readonly options: Readonly<Record<string, string>>;
    };

export type ServerDialect = Exclude<DatabaseUrl['dialect'], 'sqlite'>;

const dialects: Readonly<Record<string, DatabaseUrl['dialect']>> = {
  sqlite: 'sqlite',
  postgresql: 'postgresql',
  postgres: 'postgresql',
  mssql: 'mssql',
  sqlserver: 'mssql',
  mysql: 'mysql',
  mariadb: 'mariadb',
};

/** The URL's grammar as SQLAlchemy reads it: unlike a web URL, a password may hold `/`, `?` and `#`. */
const grammar =
  /^([a-z0-9]+)(?:\+[a-z0-9_]+)?:\/\/(?:([^:/@]*)(?::([^@]*))?@)?(?:\[([^\]/?]+)\]|([^/:?]*))(?::([^/?]*))?(?:\/([^?]*))?(?:\?(.*))?$/is;

/** Thrown where a database URL cannot be read; the message continues `DATABASE_URL …` and holds no secret. */
export class DatabaseUrlError extends Error {
  override readonly name = 'DatabaseUrlError';

  constructor(
    problem: string,
    readonly mend: string,
  ) {
    super(problem);
  }
}

/**
 * Reads a database URL, SQLAlchemy's forms included: `sqlite:///relative`, `sqlite:////absolute`,
 * `postgresql+psycopg2://…`, `mssql+pyodbc://user:pass@host/db?driver=…`, `mssql+pyodbc:///?odbc_connect=…`.
 * Throws `DatabaseUrlError`.
 */
export function parseDatabaseUrl(url: string): DatabaseUrl {
  const parts = grammar.exec(url.trim());
  const dialect = dialects[parts?.[1]?.toLowerCase() ?? ''];
  if (!parts || !dialect) throw unreadable(url);
  const [, , user = '', password = '', ipv6, ipv4 = '', port, database = '', query = ''] = parts;
  if (dialect === 'sqlite') return { dialect, file: sqliteFile(ipv6 ?? ipv4, url.trim()) };
  const host = ipv6 ?? ipv4;
  if (host.includes('@')) throw new DatabaseUrlError('has more than one @', 'write @ in a user or password as %40');
  const options = Object.fromEntries(
    [...new URLSearchParams(query)].map(([name, value]) => [name.toLowerCase(), value]),
  );
  if (options['odbc_connect'] !== undefined) return { dialect, ...parseOdbc(options['odbc_connect']) };
  const server = {
    dialect,
    host: decode(host),
    port: portOf(port),
    user: decode(user),
    password: decode(password),
    database: decode(database),
    options,
  };
  return server;
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

function portOf(port: string | undefined): number | undefined {
  if (port === undefined || port === '') return undefined;
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65535) {
    throw new DatabaseUrlError(
      'has a port that is no number from 1 to 65535',
      'write user:password@host:port, with : in a password as %3A',
    );
  }
  return number;
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
  return new DatabaseUrlError(problem, 'write postgresql://user:password@host/database or sqlite:///file');
}
