import { setTimeout as sleep } from 'node:timers/promises';

import type { Service, Stage } from '#contracts';
import type { Metric } from '#health';
import { Module, type Abstract, type DynamicModule, type LoggerService, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

import type { Probes } from './breaker.js';
import type { Log } from './log.js';
import { MessagingModule } from './messaging.module.js';
import type { BrokerTls } from './rabbit/connection.js';
import { RabbitBackend } from './rabbit/rabbit-backend.js';
import { ServiceHealth } from './service-health.js';
import { Transport } from './transport.js';

/** How a service reaches the broker, tells of its health and ends: what its environment says. */
export interface ServiceSettings {
  readonly amqpUrl: string;
  readonly amqpTls?: BrokerTls;
  /** False: the topology was declared beforehand. */
  readonly amqpDeclare: boolean;
  /** Seconds between a signal to stop and the end of the process. */
  readonly shutdownGrace: number;
  /** Where a service tells of its health; port 0: nowhere. Jobs, which end by themselves, do not. */
  readonly http: { readonly host: string; readonly port: number };
}

export interface ServiceOptions {
  readonly service: Service;
  readonly logger: Log;
  readonly settings: ServiceSettings;
  /** Handlers at work at the same time, by stage and lane. */
  readonly concurrency?: Partial<Record<Stage, number>>;
  readonly modules: readonly DynamicModule[];
  /** How it is found out whether what the service needs is there again. */
  readonly probes?: (service: Pick<Assembled, 'get'>) => Probes;
  /** What the service measures beside its messages. */
  readonly metrics?: (service: Pick<Assembled, 'get'>) => readonly Metric[];
}

/** Of the grace period, for the process to end. */
const LEFT_MS = 500;
/** Exit code of what a signal ended, as shells count. */
const INTERRUPTED = 130;

@Module({})
class ServiceModule {}

/**
 * Runs one service over RabbitMQ until SIGTERM or SIGINT; a second signal ends the process at once. Resolves when
 * everything is closed. A start that fails is logged with its reason and ends in exit code 1.
 */
export async function runService(options: ServiceOptions): Promise<void> {
  const { logger, settings } = options;
  const health = new ServiceHealth();
  const stopped = signalled(logger).then(() => health.enter('stopping'));
  try {
    await health.listen(settings.http);
    // Told to stop while it still waits for the broker, there is nothing to finish.
    const running = await Promise.race([start(options, health), stopped]);
    await stopped;
    if (running && !(await endedWithin(settings.shutdownGrace * 1000 - LEFT_MS, running.close()))) {
      logger.warn({}, 'connections are cut: what they do takes longer than the grace period');
    }
    logger.info({}, 'service has stopped');
  } catch (error) {
    logger.error({ error }, 'service could not go on');
    process.exitCode = 1;
  }
  // Whatever is left, a connection being tried or a handler that would not stop, must not keep the process.
  process.exit();
}

/** A transaction that waits for a lock keeps its connection open: its messages are given back long before. */
async function endedWithin(ms: number, closing: Promise<void>): Promise<boolean> {
  const ended = closing.then(() => true);
  return Promise.race([ended, sleep(ms, false)]);
}

async function start(options: ServiceOptions, health: ServiceHealth): Promise<{ close: () => Promise<void> }> {
  const service = await assemble(options, health);
  await service.listen();
  health.enter('running');
  options.logger.info({}, 'service is running');
  return service;
}

/** A service that takes no message before it is told to. */
export interface Assembled {
  /** What a module provides under a token. */
  get<T>(token: Type<T> | Abstract<T>): T;
  /** Begins to take messages. */
  listen(): Promise<unknown>;
}

/**
 * Runs a service over RabbitMQ for one job, and ends the process with the code the job gives: 1 and the reason in the
 * log where it throws, 130 where a signal comes first.
 */
export async function runJob(
  options: ServiceOptions,
  job: (service: Assembled, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const { logger } = options;
  const ending = new AbortController();
  const stopped = signalled(logger).then(() => ending.abort());
  try {
    const service = await Promise.race([assemble(options, new ServiceHealth()), stopped]);
    const code = service && (await Promise.race([job(service, ending.signal), stopped]).finally(() => service.close()));
    process.exitCode = code ?? INTERRUPTED;
  } catch (error) {
    logger.error({ error }, 'the job could not be done');
    process.exitCode = 1;
  }
  process.exit();
}

async function assemble(
  options: ServiceOptions,
  health: ServiceHealth,
): Promise<Assembled & { close(): Promise<void> }> {
  const { service, logger, settings, concurrency = {}, modules } = options;
  const { amqpUrl: url, amqpTls: tls, amqpDeclare: declare, shutdownGrace } = settings;
  const told = health.linked.bind(health);
  const backend = await RabbitBackend.connect({ url, tls, service, logger, declare, told });
  const strategy = new Transport(backend, { logger, concurrency, graceMs: shutdownGrace * 1000 });
  const root = { module: ServiceModule, imports: [MessagingModule.register(backend, {}, health.waits), ...modules] };
  const app = await NestFactory.createMicroservice(root, { strategy, logger: nestLogger(logger), abortOnError: false });
  const get: Assembled['get'] = (token) => app.get(token, { strict: false });
  if (options.probes) strategy.watch(options.probes({ get }));
  health.tellOf(service, backend, strategy, options.metrics?.({ get }) ?? []);
  return {
    get,
    listen: async () => {
      await app.listen();
      void strategy.check();
    },
    close: async () => {
      await app.close();
      await backend.close();
    },
  };
}

function signalled(logger: Log): Promise<undefined> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (signal: NodeJS.Signals) => {
      if (stopping) process.exit(1);
      stopping = true;
      logger.info({ signal }, 'stopping: finishing what is in hand');
      resolve(undefined);
    };
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
  });
}

/** Nest's own lines in our log: only what went wrong. */
function nestLogger(logger: Log): LoggerService {
  return {
    log: () => undefined,
    warn: (message: unknown) => logger.warn({ from: 'nest' }, String(message)),
    error: (message: unknown) => logger.error({ from: 'nest' }, String(message)),
  };
}
