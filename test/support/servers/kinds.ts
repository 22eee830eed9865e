/** The real servers that suites may ask for. */
export const serverKinds = ['rabbitmq', 'postgresql', 'mariadb', 'mssql'] as const;
export type ServerKind = (typeof serverKinds)[number];

export interface ServerFacts {
  /** As people write it. */
  readonly title: string;
  /** The variable that names a server of one's own. */
  readonly given: string;
  /** The variable by which the runner hands the server to the suites. */
  readonly handed: string;
  readonly image?: string;
  /** Debian packages that hold the server's programs. */
  readonly packages: readonly string[];
}

export const serverFacts: Readonly<Record<ServerKind, ServerFacts>> = {
  rabbitmq: {
    title: 'RabbitMQ',
    given: 'AMQP_URL',
    // Another name than the product's own setting, which must not reach the processes that suites start.
    handed: 'TEST_AMQP_URL',
    image: 'rabbitmq:4-management',
    packages: ['rabbitmq-server'],
  },
  postgresql: {
    title: 'PostgreSQL',
    given: 'TEST_POSTGRES_URL',
    handed: 'TEST_POSTGRES_URL',
    image: 'postgres:17',
    packages: ['postgresql'],
  },
  mariadb: {
    title: 'MariaDB',
    given: 'TEST_MARIADB_URL',
    handed: 'TEST_MARIADB_URL',
    image: 'mariadb:11.4',
    packages: ['mariadb-server-core', 'mariadb-client-core'],
  },
  mssql: {
    title: 'SQL Server',
    given: 'TEST_MSSQL_URL',
    handed: 'TEST_MSSQL_URL',
    image: 'mcr.microsoft.com/mssql/server:2022-latest',
    packages: [],
  },
};

/** A server ready to be used. */
export interface RunningServer {
  readonly url: string;
  /** How suites get virtual hosts of their own on RabbitMQ: its management API, or `rabbitmqctl`. */
  readonly managementUrl?: string;
  /** Where it came from, for the summary: `AMQP_URL`, `Docker image postgres:17`, `/usr/lib/postgresql/15/bin`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** How to start a server, or why this source has none. */
export type Offer = { readonly start: () => Promise<RunningServer> } | { readonly reason: string };
/** Asked once for all servers that no earlier source had. */
export type Source = (kinds: readonly ServerKind[]) => Promise<ReadonlyMap<ServerKind, Offer>>;
