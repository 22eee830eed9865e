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
  /** Cron expression of the daily run, read in `timezone`. */
  readonly syncCron: string;
  /** IANA name; decides which day "today" is. */
  readonly timezone: string;
  /** First day to keep complete; without it 30 days before the first start, kept in the ledger. */
  readonly startDate?: string;
  /** Days before today that every daily run reads again. */
  readonly rereadDays: number;
}

/** Where rows go. `pool` is the most connections. */
export type DatabaseSettings =
  | {
      readonly dialect: 'sqlite';
      readonly file: string;
      /** True: only looks, beside the one process that may be loading into the file. */
      readonly beside?: boolean;
    }
  | {
      readonly dialect: 'postgresql';
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly password: string;
      readonly database: string;
      readonly schema: string;
      readonly ssl: boolean;
      readonly tlsVerify: boolean;
      readonly pool: number;
    };

export interface LoaderSettings {
  readonly database: DatabaseSettings;
}

export interface ServiceSettings {
  readonly logLevel: string;
  /** Absent: everything in one process. */
  readonly amqpUrl?: string;
  /** Seconds a service may take to finish what it has in hand once told to stop. */
  readonly shutdownGrace: number;
}
