import { DatabaseUrlError, portOf } from './database-url-error.js';

/** A SQL Server and how to log in, as connection strings name them; the names of other options in lower case. */
export interface OdbcConnection extends SqlServerAddress {
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly options: Readonly<Record<string, string>>;
}
export interface SqlServerAddress {
  readonly host: string;
  /** Absent where a port is given: it says more. */
  readonly instance: string | undefined;
  readonly port: number | undefined;
}

/** `NAME=value;` or `NAME={va;lue};`, a closing brace within written twice. */
const pair = /\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)/gy;
/** By what ODBC calls them; ADO.NET and JDBC have other words. */
const names = {
  server: ['server', 'address', 'addr', 'data source', 'servername'],
  port: ['port', 'portnumber'],
  instance: ['instancename'],
  database: ['database', 'initial catalog', 'databasename'],
  uid: ['uid', 'user id', 'user', 'username'],
  pwd: ['pwd', 'password'],
} as const;
const own: readonly string[] = Object.values(names).flat();

/**
 * Reads `DRIVER={…};SERVER=tcp:host,1433;DATABASE=…;UID=…;PWD=…`. Throws `DatabaseUrlError`. Source: Microsoft's
 * keywords of the ODBC driver, of SqlClient and of the JDBC driver.
 */
export function parseOdbc(text: string): OdbcConnection {
  const all = Object.fromEntries(
    [...text.matchAll(pair)].map(([, name = '', braced, plain = '']) => [
      name.toLowerCase(),
      braced === undefined ? plain.trim() : braced.replaceAll('}}', '}'),
    ]),
  );
  const value = (name: keyof typeof names): string => names[name].map((word) => all[word]).find(Boolean) ?? '';
  if (all['dsn']) {
    throw new DatabaseUrlError('names a DSN, which is known to ODBC alone', 'write SERVER=…;DATABASE=…;UID=…;PWD=…');
  }
  const instance = value('instance') ? `\\${value('instance')}` : '';
  const port = value('port') ? `,${value('port')}` : '';
  return {
    ...parseServer(`${value('server')}${instance}${port}`),
    user: value('uid'),
    password: value('pwd'),
    database: value('database'),
    options: Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name))),
  };
}

/** Reads `tcp:host\instance,port`; `.` and `(local)` are this machine. Throws `DatabaseUrlError`. */
export function parseServer(text: string): SqlServerAddress {
  const [, protocol = 'tcp', name = '', instance, digits] =
    /^(?:(tcp|np|lpc|admin):)?\[?([^\\,\]]*)\]?(?:\\([^,]*))?(?:,(.*))?$/is.exec(text.trim()) ?? [];
  if (protocol.toLowerCase() !== 'tcp' || /^\(localdb\)$/i.test(name)) {
    const mend = 'let the server listen on TCP, and write host and port';
    throw new DatabaseUrlError('names a server that is not reached by TCP', mend);
  }
  const port = portOf(digits?.trim());
  const host = /^(\.|\(local\))$/i.test(name.trim()) ? 'localhost' : name.trim();
  return { host, port, instance: port === undefined && instance ? instance.trim() : undefined };
}
