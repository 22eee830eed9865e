import type { Lane, Message, Service, Stage } from '#contracts';
import {
  MessagePublisher,
  MessagingModule,
  Transport,
  type Backend,
  type Delivery,
  type Log,
  type TransportOptions,
} from '#messaging';
import { Controller, Module, type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';

export interface DeadLetter {
  readonly reason: string;
  readonly attempt: number;
}

export interface Raw {
  readonly body: Buffer;
  readonly contentEncoding?: string;
  readonly messageId?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** One kind of backend as the suite needs it. */
export interface Kind {
  /** A service of its own; in memory all services share one. */
  open(service: Service): Promise<Backend>;
  /** The same over queues that hold two messages. */
  openNarrow(service: Service): Promise<Backend>;
  /** Puts bytes on a queue as a stranger would, over no code of ours where there is a broker. */
  putRaw(stage: Stage, lane: Lane | null, raw: Raw): Promise<void>;
  deadLetters(stage: Stage, lane: Lane | null): Promise<DeadLetter[]>;
  /** Empties all queues and closes what was opened. */
  reset(): Promise<void>;
}

export type Handlers = { [S in Stage]?: (body: Message<S>, delivery: Delivery) => unknown };

export interface Running {
  readonly transport: Transport;
  readonly publisher: MessagePublisher;
  stop(): Promise<void>;
}

export const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A Nest microservice with these handlers, as the product's services are. */
export async function serve(
  backend: Backend,
  handlers: Handlers,
  options: Partial<TransportOptions> = {},
): Promise<Running> {
  const transport = new Transport(backend, { logger: silent, graceMs: 10_000, ...options });
  const root = {
    module: TestModule,
    imports: [MessagingModule.register(backend)],
    controllers: [controllerOf(handlers)],
  };
  const app: INestMicroservice = await NestFactory.createMicroservice(root, { strategy: transport, logger: false });
  await app.listen();
  return { transport, publisher: new MessagePublisher(backend), stop: () => app.close() };
}

@Module({})
class TestModule {}

/** A controller with one method a stage, decorated as one would by hand. */
function controllerOf(handlers: Handlers): new () => object {
  class Handling {}
  for (const [stage, value] of Object.entries(handlers)) {
    const descriptor = { value, writable: true, configurable: true };
    Object.defineProperty(Handling.prototype, stage, descriptor);
    const pattern = (stage === 'questions' ? MessagePattern(stage) : EventPattern(stage)) as MethodDecorator;
    pattern(Handling.prototype, stage, descriptor);
    Payload()(Handling.prototype, stage, 0);
    Ctx()(Handling.prototype, stage, 1);
  }
  Controller()(Handling);
  return Handling;
}

/** A promise and the function that resolves it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
