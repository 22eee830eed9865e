import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { GenericContainer, StartedTestContainer } from 'testcontainers';
import { serverFacts, type RunningServer, type ServerKind, type Source } from './kinds.js';
import { offers } from './order.js';

const ENGINE_MS = 10_000;
const PULL_MS = 180_000;
const START_MS = 120_000;
/** Ends what a killed test run left behind. Nice to have: without its image we end containers ourselves. */
const REAPER = 'testcontainers/ryuk:0.14.0';
const REAPER_PULL_MS = 20_000;

/** Images that are there, or can be pulled in bounded time, where a container engine answers. */
export const fromDocker: Source = async (kinds) => {
  // Loaded here because it takes half a second, and only where a server has to be found.
  const { GenericContainer: Container, ImageName, Wait, getContainerRuntimeClient } = await import('testcontainers');
  const client = await within(ENGINE_MS, getContainerRuntimeClient());
  const noDaemon = { reason: 'no Docker daemon answers' };
  if (!client) return offers(kinds, (kind) => (serverFacts[kind].image ? noDaemon : undefined));

  const obtain = async (image: string, ms: number): Promise<boolean> => {
    const name = ImageName.fromString(image);
    if (await client.image.exists(name)) return true;
    await within(ms, client.image.pull(name));
    return client.image.exists(name);
  };
  if (!(await obtain(REAPER, REAPER_PULL_MS))) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

  return offers(kinds, async (kind) => {
    const { image } = serverFacts[kind];
    if (!image) return undefined;
    if (!(await obtain(image, PULL_MS))) return { reason: `the Docker image ${image} could not be pulled` };
    return { start: () => startContainer(kind, image, new Container(image), Wait.forListeningPorts()) };
  });
};

async function startContainer(
  kind: ServerKind,
  image: string,
  container: GenericContainer,
  listening: Parameters<GenericContainer['withWaitStrategy']>[0],
): Promise<RunningServer> {
  const password = randomBytes(12).toString('hex');
  const { ports, environment, describe } = recipe(kind, password);
  const started = await container
    .withExposedPorts(...ports)
    .withEnvironment(environment)
    .withWaitStrategy(listening)
    .withStartupTimeout(START_MS)
    .start();
  const at = (port: number): string => `${started.getHost()}:${started.getMappedPort(port)}`;
  return { ...describe(at), origin: `Docker image ${image}`, stop: () => stopContainer(started) };
}

async function stopContainer(started: StartedTestContainer): Promise<void> {
  await started.stop({ timeout: 0 });
}

interface Recipe {
  readonly ports: readonly number[];
  readonly environment: Record<string, string>;
  describe(at: (port: number) => string): Pick<RunningServer, 'url' | 'managementUrl'>;
}

function recipe(kind: ServerKind, password: string): Recipe {
  switch (kind) {
    case 'rabbitmq':
      return {
        ports: [5672, 15672],
        environment: { RABBITMQ_DEFAULT_USER: 'etl', RABBITMQ_DEFAULT_PASS: password },
        describe: (at) => ({
          url: `amqp://etl:${password}@${at(5672)}`,
          managementUrl: `http://etl:${password}@${at(15672)}`,
        }),
      };
    case 'postgresql':
      return {
        ports: [5432],
        environment: { POSTGRES_USER: 'etl', POSTGRES_PASSWORD: password },
        // Its host may be another than this one, to which nothing goes unencrypted unless told; the image has no certificate.
        describe: (at) => ({ url: `postgresql://etl:${password}@${at(5432)}/etl?sslmode=disable` }),
      };
    case 'mariadb':
      return {
        ports: [3306],
        environment: { MARIADB_ROOT_PASSWORD: password },
        describe: (at) => ({ url: `mysql://root:${password}@${at(3306)}/mysql` }),
      };
    case 'mssql': {
      // It refuses passwords without capitals and signs.
      const strong = `Sa-${password}`;
      return {
        ports: [1433],
        environment: { ACCEPT_EULA: 'Y', MSSQL_SA_PASSWORD: strong },
        describe: (at) => ({ url: `mssql://sa:${strong}@${at(1433)}/master?trustServerCertificate=yes` }),
      };
    }
  }
}

/** Undefined where it fails or takes longer. */
async function within<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const late = new AbortController();
  const result = await Promise.race([
    work.catch(() => undefined),
    pause(ms, undefined, { signal: late.signal }).catch(() => undefined),
  ]);
  late.abort();
  return result;
}
