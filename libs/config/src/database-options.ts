import type { ServerUrl } from './database-url.js';

/** What the options of a URL ask for; absent where they say nothing about it. */
export interface AskedOptions {
  readonly encrypt?: boolean;
  readonly verify?: boolean;
  readonly caFile?: string;
  readonly applicationName?: string;
  /** The folder or file of a socket on this machine. */
  readonly socket?: string;
  /** A way to log in other than user and password. */
  readonly login?: 'Windows' | 'Microsoft Entra';
}

/** What each word of an option asks for, or how any text is taken. */
type Words = Readonly<Record<string, AskedOptions>>;
type Meaning = Words | ((value: string) => AskedOptions);

const encrypted = { encrypt: true };
const plain = { encrypt: false };
const truth = (yes: AskedOptions, no: AskedOptions): Words => ({
  ...{ yes, true: yes, on: yes, 1: yes },
  ...{ no, false: no, off: no, 0: no },
});
const caFile = (file: string): AskedOptions => ({ caFile: file });
const applicationName = (name: string): AskedOptions => ({ applicationName: name });
const socket = (path: string): AskedOptions => ({ socket: path });
const windows: Words = { ...truth({ login: 'Windows' }, {}), sspi: { login: 'Windows' } };
const entra = (way: string): AskedOptions => (/^active ?directory/i.test(way) ? { login: 'Microsoft Entra' } : {});

/** libpq's and MySQL's words; those that would fall back to plain text in silence are taken as `require`. */
const libpqModes: Words = {
  disable: plain,
  allow: encrypted,
  prefer: encrypted,
  require: encrypted,
  'verify-ca': { encrypt: true, verify: true },
  'verify-full': { encrypt: true, verify: true },
  'no-verify': { encrypt: true, verify: false },
};
const mysqlModes: Words = {
  disabled: plain,
  preferred: encrypted,
  required: encrypted,
  verify_ca: { encrypt: true, verify: true },
  verify_identity: { encrypt: true, verify: true },
};
const encrypt: Words = {
  ...truth(encrypted, plain),
  mandatory: encrypted,
  strict: encrypted,
  optional: plain,
  disable: plain,
};

/** By name without blanks, `_` and `-`, which drivers write or leave out. */
const understood: Readonly<Record<ServerUrl['dialect'], Readonly<Record<string, Meaning>>>> = {
  postgresql: {
    sslmode: libpqModes,
    ssl: { ...libpqModes, ...truth(encrypted, plain) },
    sslrootcert: caFile,
    applicationname: applicationName,
    host: socket,
  },
  mariadb: {
    sslmode: mysqlModes,
    ssl: truth(encrypted, plain),
    ssldisabled: truth(plain, encrypted),
    sslca: caFile,
    sslverifycert: truth({ verify: true }, { verify: false }),
    programname: applicationName,
    unixsocket: socket,
  },
  mssql: {
    encrypt,
    trustservercertificate: truth({ verify: false }, { verify: true }),
    app: applicationName,
    applicationname: applicationName,
    trustedconnection: windows,
    integratedsecurity: windows,
    authentication: entra,
  },
};

/** Options that people have and that change nothing here: the loader has its own driver, encoding and timeouts. */
const ignored: Readonly<Record<ServerUrl['dialect'], readonly string[]>> = {
  postgresql: [
    ...['connecttimeout', 'clientencoding', 'keepalives', 'keepalivesidle', 'keepalivesinterval', 'keepalivescount'],
    ...['tcpusertimeout', 'gssencmode', 'channelbinding', 'targetsessionattrs', 'fallbackapplicationname'],
  ],
  mariadb: [
    ...['charset', 'useunicode', 'collation', 'autocommit', 'localinfile', 'binaryprefix', 'sslcheckhostname'],
    ...['connecttimeout', 'readtimeout', 'writetimeout', 'sslverifyidentity', 'authplugin'],
  ],
  mssql: [
    ...['driver', 'charset', 'clientcharset', 'autocommit', 'marsconnection', 'multipleactiveresultsets', 'tdsversion'],
    ...['timeout', 'logintimeout', 'connecttimeout', 'connectiontimeout', 'querytimeout', 'packetsize', 'network'],
    ...['connectretrycount', 'connectretryinterval', 'applicationintent', 'multisubnetfailover', 'persistsecurityinfo'],
    ...['wsid', 'workstationid', 'hostnameincertificate', 'fastexecutemany', 'usesetinputsizes', 'pooling'],
  ],
};

/**
 * Reads the options of a server's URL. What is wrong is told by the names of options, never by their values; and what
 * does not look like a name may be a piece of a password.
 */
export function readOptions(
  { dialect, options }: ServerUrl,
  tell: (problem: string, mend: string) => void,
): AskedOptions {
  const meanings = new Map(Object.entries(understood[dialect]));
  const strange: string[] = [];
  const asked = Object.entries(options).map(([name, value]): AskedOptions => {
    const key = name.replace(/[\s_-]/g, '');
    const meaning = meanings.get(key);
    if (typeof meaning === 'function') return meaning(value.trim());
    if (!meaning && !ignored[dialect].includes(key)) strange.push(name);
    const words = new Map(Object.entries(meaning ?? {}));
    const found = words.get(value.trim().toLowerCase());
    if (meaning && !found) tell(`has an unknown ${name}`, `use one of ${[...words.keys()].join(', ')}`);
    return found ?? {};
  });
  if (strange.length > 0) {
    const names = strange.map((name) => (/^[a-z][a-z _-]{0,30}$/.test(name) ? name : 'one without a proper name'));
    const problem = `has options that are not understood: ${names.join(', ')}`;
    tell(problem, 'leave them out; the DATABASE_… settings say how to connect');
  }
  return Object.assign({}, ...asked) as AskedOptions;
}
