/** What an ODBC connection string says, names of the remaining options in lower case. */
export interface OdbcConnection {
  readonly host: string;
  readonly port: number | undefined;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly options: Readonly<Record<string, string>>;
}

/** `NAME=value;` or `NAME={va;lue};`, a closing brace within written twice. */
const pair = /\s*([^=;]+?)\s*=\s*(?:\{((?:[^}]|\}\})*)\}|([^;]*))\s*(?:;|$)/gy;
const own = ['server', 'address', 'addr', 'database', 'uid', 'user id', 'pwd', 'password', 'port'];

/** Reads `DRIVER={…};SERVER=tcp:host,1433;DATABASE=…;UID=…;PWD=…`. Source: Microsoft's ODBC driver keywords. */
export function parseOdbc(text: string): OdbcConnection {
  const all = Object.fromEntries(
    [...text.matchAll(pair)].map(([, name = '', braced, plain = '']) => [
      name.toLowerCase(),
      braced === undefined ? plain.trim() : braced.replaceAll('}}', '}'),
    ]),
  );
  const server = (all['server'] ?? all['address'] ?? all['addr'] ?? '').replace(/^tcp:/i, '');
  const [host = '', port = all['port']] = server.split(',').map((part) => part.trim());
  return {
    host,
    port: port !== undefined && /^\d{1,5}$/.test(port) ? Number(port) : undefined,
    user: all['uid'] ?? all['user id'] ?? '',
    password: all['pwd'] ?? all['password'] ?? '',
    database: all['database'] ?? '',
    options: Object.fromEntries(Object.entries(all).filter(([name]) => !own.includes(name))),
  };
}
