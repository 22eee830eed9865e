import { connect } from 'node:net';

import type { AmqpTls } from '#config';
import { MessagePublisher, RabbitBackend, TopologyFault, type DeadLetters, type Depth } from '#messaging';
import { createLogger, messageOf } from '#observability';

import { PreflightError } from './exit-codes.js';

const REACH_MS = 5_000;
const CONNECT_MS = 6_000;
const HINT = 'check AMQP_URL, and that RabbitMQ is running; without AMQP_URL everything runs in one process';
const TOPOLOGY_HINT = 'docs/broker.md tells how a queue is changed without losing a message';

/** How services are reached. */
export interface Remote {
  readonly amqpUrl: string;
  readonly tls?: AmqpTls;
  readonly logLevel: string;
  /** False: who acts only checks that queues and exchanges are there. */
  readonly declare: boolean;
}

/** The broker of running services. */
export interface Broker {
  readonly publisher: MessagePublisher;
  readonly deadLetters: DeadLetters;
  /** What lies in the queues; none where no service has declared any. Rejects where the broker does not tell. */
  depth(): Promise<Depth[]>;
  close(): Promise<void>;
}

/**
 * Connects to running services, as `operator`; who only asks declares nothing, and needs no right to. Throws
 * `PreflightError` where the broker is not there.
 */
export async function connectBroker(
  { amqpUrl, tls, logLevel, declare }: Remote,
  role: 'acts' | 'asks' = 'acts',
): Promise<Broker> {
  const url = new URL(amqpUrl);
  const port = Number(url.port || (url.protocol === 'amqps:' ? 5671 : 5672));
  const broker = `${url.hostname}:${port}`;
  await reach(url.hostname.replace(/^\[|\]$/g, ''), port).catch((error: unknown) => {
    throw new PreflightError(`RabbitMQ at ${broker} cannot be reached: ${messageOf(error)}`, HINT, { cause: error });
  });
  const late = AbortSignal.timeout(CONNECT_MS);
  const silent = new Promise<never>((_, reject) => {
    late.addEventListener('abort', () => {
      reject(new PreflightError(`RabbitMQ at ${broker} does not answer as a broker`, HINT));
    });
  });
  const logger = createLogger('et-etl', logLevel === 'debug' ? 'debug' : 'silent');
  const options = { url: amqpUrl, tls, service: 'operator', logger, declare } as const;
  const opening = role === 'acts' ? RabbitBackend.connect(options) : RabbitBackend.visit(options);
  const connecting = opening.catch((error: unknown) => {
    // The reason names the broker already, and its cause is the protocol's own wording.
    const reason = error instanceof Error ? error.message : String(error);
    const hint = error instanceof TopologyFault ? TOPOLOGY_HINT : HINT;
    throw new PreflightError(`RabbitMQ cannot be used: ${reason}`, hint, { cause: error });
  });
  const backend = await Promise.race([connecting, silent]);
  const { deadLetters } = backend;
  const publisher = new MessagePublisher(backend);
  return { publisher, deadLetters, depth: () => backend.depth(), close: () => backend.close() };
}

/** A plain connection first: the broker's client would try for ever. */
function reach(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: REACH_MS });
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error(`no answer within ${REACH_MS / 1000} seconds`)));
  });
}
