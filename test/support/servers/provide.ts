import { setTimeout as pause } from 'node:timers/promises';
import { fromDocker } from './containers.js';
import { serverFacts, type RunningServer, type ServerKind, type Source } from './kinds.js';
import { findMariadb, startMariadb } from './mariadb.js';
import { choose, offers } from './order.js';
import { fromPackages } from './packages.js';
import { findPostgres, startPostgres } from './postgres.js';
import { askVersion } from './probe.js';
import { findRabbit, startRabbit } from './rabbitmq.js';
import { RABBITMQCTL, vhostAdministration } from './vhost-administration.js';

const ANSWER_MS = 60_000;

export type ProvidedServer = RunningServer & { readonly version: string };

export interface Provided {
  readonly servers: ReadonlyMap<ServerKind, ProvidedServer>;
  /** Why the others could not be had. */
  readonly missing: ReadonlyMap<ServerKind, string>;
  stop(): Promise<void>;
}

export interface ProvideOptions {
  /** Databases answer a commit only once it is on the disk: for benchmarks. */
  readonly durable: boolean;
  readonly say: (line: string) => void;
}

/**
 * Finds and starts servers, in this order: named in the environment, Docker, programs on this machine, Debian packages.
 * Throws where a server named in the environment does not answer, or one that was found does not start.
 */
export async function provideServers(kinds: readonly ServerKind[], options: ProvideOptions): Promise<Provided> {
  const programs = fromPrograms(options.durable);
  const sources = [fromEnvironment, fromDocker, programs, fromPackages(options.say, programs)];
  const { starts, missing } = await choose(kinds, sources);
  const servers = new Map<ServerKind, ProvidedServer>();
  const stop = async (): Promise<void> => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
  };
  const outcomes = await Promise.allSettled(
    [...starts].map(async ([kind, start]) => {
      const server = { ...(await start()), version: 'unknown version' };
      servers.set(kind, server);
      servers.set(kind, { ...server, version: await versionOfServer(kind, server) });
    }),
  );
  const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }): unknown => reason);
  if (failures.length === 0) return { servers, missing, stop };
  await stop();
  throw new AggregateError(failures, failures.map(String).join('\n'));
}

const fromEnvironment: Source = (kinds) =>
  offers(kinds, async (kind) => {
    const { given } = serverFacts[kind];
    const url = process.env[given];
    if (!url) return { reason: `${given} is not set` };
    const managementUrl = kind === 'rabbitmq' ? await findAdministration(url) : undefined;
    return { start: () => Promise.resolve({ url, managementUrl, origin: given, stop: () => Promise.resolve() }) };
  });

/** The management API listens on port 15672 of the broker's host unless AMQP_MANAGEMENT_URL tells otherwise. */
async function findAdministration(amqpUrl: string): Promise<string> {
  const { hostname, username, password } = new URL(amqpUrl);
  const usual = `http://${username || 'guest'}:${password || 'guest'}@${hostname}:15672`;
  const ways = [process.env['AMQP_MANAGEMENT_URL'] ?? usual, RABBITMQCTL];
  for (const way of ways) {
    const works = await vhostAdministration(way)
      .check()
      .then(
        () => true,
        () => false,
      );
    if (works) return way;
  }
  throw new Error(
    'tests need virtual hosts of their own on AMQP_URL: neither its management API (AMQP_MANAGEMENT_URL) nor rabbitmqctl answers',
  );
}

const fromPrograms =
  (durable: boolean): Source =>
  (kinds) =>
    offers(kinds, (kind) => {
      if (serverFacts[kind].packages.length === 0) return undefined;
      const start = programsOf(kind, durable);
      return start ? { start } : { reason: 'no programs of it on this machine' };
    });

function programsOf(kind: ServerKind, durable: boolean): (() => Promise<RunningServer>) | undefined {
  switch (kind) {
    case 'rabbitmq': {
      const folder = findRabbit();
      return folder === undefined ? undefined : () => startRabbit(folder);
    }
    case 'postgresql': {
      const folder = findPostgres();
      return folder === undefined ? undefined : () => startPostgres(folder, durable);
    }
    case 'mariadb': {
      const program = findMariadb();
      return program === undefined ? undefined : () => startMariadb(program, durable);
    }
    case 'mssql':
      return undefined;
  }
}

/** Asks until it answers: containers open their port before the server in them is ready. */
async function versionOfServer(kind: ServerKind, { url, origin }: RunningServer): Promise<string> {
  for (const deadline = Date.now() + ANSWER_MS; ; await pause(200)) {
    try {
      return await askVersion(kind, url);
    } catch (cause) {
      if (Date.now() < deadline) continue;
      throw new Error(`${serverFacts[kind].title} (${origin}) does not answer: ${String(cause)}`, { cause });
    }
  }
}
