/** One setting as people set it. `secret` ones can be read from a file named by `<name>_FILE`. */
export interface Setting {
  readonly meaning: string;
  /** In words where it is not a value. */
  readonly fallback: string;
  readonly secret?: true;
}

/** Every setting, once, in the order in which people meet them. README and `.env.example` follow it. */
export const catalogue = {
  ET_URL: { meaning: 'Scheme, host and port of ET; wins over `ET_DOMAIN`', fallback: 'https://`ET_DOMAIN`' },
  ET_DOMAIN: { meaning: 'Host of ET', fallback: 'app.enderturing.com' },
  ET_SESSION_LINK: {
    meaning: "Address of a conversation in ET's pages, {id} in place of its id; views show it",
    fallback: '`ET_URL`/sessions/{id}',
  },
  ET_USER: { meaning: 'E-mail address of an ET user', fallback: '', secret: true },
  ET_PASSWORD: { meaning: 'Password of that user', fallback: '', secret: true },
  ET_TOKEN: { meaning: 'Personal access token, instead of user and password', fallback: '', secret: true },
  ET_AUTH_BY_TOKEN: {
    meaning: 'Log in by token (true) or by user and password (false)',
    fallback: 'by what is set; user and password where both are',
  },
  ET_TLS_VERIFY: { meaning: "Check ET's certificate; false accepts self-signed ones", fallback: 'true' },
  ET_CONCURRENCY: { meaning: 'Most requests to ET in flight, per extractor', fallback: '32' },
  ET_DETAILS: {
    meaning: 'Details to ask for: scores, summary, comments, transcripts, detail; or none',
    fallback: 'scores,summary,comments',
  },
  ET_TIMEZONE: { meaning: 'Time zone that decides which day is today', fallback: "the system's" },
  START_DATE: { meaning: 'First day to keep complete', fallback: '30 days before the first run' },
  REREAD_DAYS: { meaning: 'Days before today that every daily run reads again', fallback: '2' },
  SYNC_CRON: {
    meaning: 'When the daily run starts, in `ET_TIMEZONE`; off where something else starts it',
    fallback: '5 0 * * *',
  },
  DATABASE_URL: {
    meaning: 'Where the data goes: `sqlite:///file` or `mssql://user:password@host/database` (`postgresql`, `mysql`)',
    fallback: 'sqlite:///data/ender-turing.sqlite',
    secret: true,
  },
  DATABASE_PASSWORD: { meaning: 'Password of the database, where its URL holds none', fallback: '', secret: true },
  DATABASE_SCHEMA: {
    meaning: 'Schema of the tables, on SQL Server and PostgreSQL',
    fallback: 'dbo on SQL Server, public on PostgreSQL',
  },
  SCHEMA_MODE: {
    meaning: 'Tables and columns that are missing: auto creates them, validate refuses to start, off does not look',
    fallback: 'auto',
  },
  DATABASE_POOL: { meaning: 'Most database connections, per loader', fallback: '8' },
  DATABASE_STATEMENT_TIMEOUT: { meaning: 'Seconds after which a statement is broken off', fallback: '300' },
  DATABASE_APPLICATION_NAME: {
    meaning: "How the loader is called in the server's list of connections",
    fallback: 'et-etl loader',
  },
  DATABASE_TLS: { meaning: 'Encrypt the connection: require, or off', fallback: 'require; off for this machine' },
  DATABASE_TLS_VERIFY: { meaning: "Check the database's certificate; false accepts any", fallback: 'true' },
  DATABASE_TLS_CA: {
    meaning: 'File of the authorities (PEM) that may have signed it, where they are not public ones',
    fallback: "Node's own list",
  },
  DELETE_MODE: {
    meaning: 'Conversations that ET no longer has: mark their rows as deleted, remove them, or ignore it',
    fallback: 'mark',
  },
  MAX_DELETE_RATIO: {
    meaning: "Part of a day's conversations above which missing ones wait for `et-etl heal --allow-deletes`",
    fallback: '0.1',
  },
  DELETE_KEEP_TEXTS: { meaning: 'Rows marked as deleted keep their texts', fallback: 'false' },
  REJECTS_RETENTION: {
    meaning: 'Days that raw forms of rejects and bodies of dead letters are kept in the database',
    fallback: '30',
  },
  AMQP_URL: {
    meaning: 'The broker: `amqp://user:password@host/vhost`',
    fallback: 'none: all in one process',
    secret: true,
  },
  AMQP_PASSWORD: { meaning: 'Password of the broker, where its URL holds none', fallback: '', secret: true },
  AMQP_DECLARE: {
    meaning: 'Declare queues and exchanges at the start; false: `et-etl topology apply` has done that',
    fallback: 'true',
  },
  AMQP_TLS_CA: {
    meaning: "File of the authorities (PEM) that may have signed the broker's certificate, for amqps",
    fallback: "Node's own list",
  },
  AMQP_TLS_CERT: { meaning: 'File of the certificate (PEM) by which a broker knows this client', fallback: '' },
  AMQP_TLS_KEY: { meaning: 'File of the key (PEM) of that certificate', fallback: '' },
  LOG_LEVEL: { meaning: 'trace, debug, info, warn, error, fatal or silent', fallback: 'info; warn in one process' },
  SHUTDOWN_GRACE: { meaning: 'Seconds a service may take to end once told to', fallback: '30' },
  HTTP_PORT: {
    meaning: 'Port of `/healthz`, `/readyz` and `/metrics` of a service; 0 for none',
    fallback: '8081 extractor, 8082 transformer, 8083 loader',
  },
  HTTP_HOST: { meaning: 'Address it listens on; 0.0.0.0 for all of the machine', fallback: '127.0.0.1' },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof catalogue;
export const settingNames = Object.keys(catalogue) as SettingName[];

/** Whether `<name>_FILE` is read too. */
export function readsFile(name: SettingName): boolean {
  return 'secret' in catalogue[name];
}
