import type { Detail } from '#contracts';

/** How ET is reached. Either `token` (sent as is) or `user` and `password`. */
export interface EtSettings {
  /** Scheme, host and port, without `/api/v1`. */
  readonly url: string;
  readonly login: { kind: 'token'; token: string } | { kind: 'password'; user: string; password: string };
  /** False accepts self-signed certificates. */
  readonly tlsVerify: boolean;
  /** Most requests in flight, per replica. */
  readonly concurrency: number;
  /** Which details are asked for. */
  readonly details: readonly Detail[];
}

export interface ExtractorSettings {
  readonly et: EtSettings;
  /** Cron expression of the daily run, read in `timezone`; null where somebody else starts it. */
  readonly syncCron: string | null;
  /** IANA name; decides which day "today" is. */
  readonly timezone: string;
  /** First day to keep complete; without it 30 days before the first start, kept in the ledger. */
  readonly startDate?: string;
  /** Days before today that every daily run reads again. */
  readonly rereadDays: number;
}

/** A database server. */
interface ServerSettings {
  /** A name or an address, or the folder of a socket where the dialect has sockets. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly ssl: boolean;
  /** False accepts any certificate. */
  readonly tlsVerify: boolean;
  /** Certificates of the authorities to trust, as PEM; without it those Node trusts. */
  readonly tlsCa?: string;
  /** The most connections. */
  readonly pool: number;
  /** Seconds after which the server breaks a statement off. */
  readonly statementTimeout: number;
  /** As the server's lists of connections show it. */
  readonly applicationName: string;
}

export interface SqliteSettings {
  readonly dialect: 'sqlite';
  readonly file: string;
  /** True: only looks, beside the one process that may be loading into the file. */
  readonly beside?: boolean;
}
export interface PostgresSettings extends ServerSettings {
  readonly dialect: 'postgresql';
  readonly schema: string;
}
export interface MssqlSettings extends ServerSettings {
  readonly dialect: 'mssql';
  readonly schema: string;
  /** A named instance: its port is asked of the server's browser service, and `port` does not count. */
  readonly instance?: string;
}
/** MariaDB and MySQL, which have no schemas within a database. */
export interface MariadbSettings extends ServerSettings {
  readonly dialect: 'mariadb';
}

/** Where rows go. */
export type DatabaseSettings = SqliteSettings | PostgresSettings | MssqlSettings | MariadbSettings;

export interface LoaderSettings {
  readonly database: DatabaseSettings;
  readonly schemaMode: SchemaMode;
  /** The address of a conversation in ET's pages, `{id}` in place of its id; absent where nothing names an ET. */
  readonly sessionLink?: string;
  readonly deleteMode: DeleteMode;
  /** The part of a day's sessions, 0 to 1, up to which those no longer listed are asked after unconfirmed. */
  readonly maxDeleteRatio: number;
  /** Whether a row marked as deleted keeps its texts. */
  readonly deleteKeepTexts: boolean;
  /** Days. */
  readonly rejectsRetention: number;
}

/** What becomes of a session that ET no longer has: its row is marked or removed, or nobody looks for it. */
export type DeleteMode = (typeof deleteModes)[number];
export const deleteModes = ['mark', 'remove', 'ignore'] as const;

/** `auto` creates what is missing, `validate` refuses to start where something is, `off` does not look. */
export type SchemaMode = (typeof schemaModes)[number];
export const schemaModes = ['auto', 'validate', 'off'] as const;

export interface ServiceSettings {
  readonly logLevel: string;
  /** Absent: everything in one process. */
  readonly amqpUrl?: string;
  /** Seconds a service may take to finish what it has in hand once told to stop. */
  readonly shutdownGrace: number;
}

/** How `amqps://` is spoken, each as PEM; without `ca` the authorities that Node trusts. */
export interface AmqpTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** Of who works over the broker. */
export interface OperatorSettings extends ServiceSettings {
  readonly amqpTls: AmqpTls;
  /** False: queues and exchanges were declared beforehand, and are only checked. */
  readonly amqpDeclare: boolean;
}

/** Where a service tells of its health. */
export interface HttpSettings {
  readonly host: string;
  /** 0: nowhere. */
  readonly port: number;
}
