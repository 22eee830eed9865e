import { Catch, Global, Module, type DynamicModule, type ExceptionFilter } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { throwError, type Observable } from 'rxjs';

import type { Backend } from './backend.js';
import { MessagePublisher, type PublisherOptions } from './message-publisher.js';
import { Publisher } from './publisher.js';
import { Queues } from './queues.js';
import { Waits } from './waits.js';

/** Nest would replace an error of ours by "Internal server error": its class decides over the message, so it passes. */
@Catch()
class PassErrors implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

/**
 * Gives every module a `Publisher`, the `Queues`, and the `Waits` to tell what it waits for; lets errors through to the
 * transport as they are.
 */
@Global()
@Module({})
export class MessagingModule {
  static register(backend: Backend, options: PublisherOptions = {}, waits = new Waits()): DynamicModule {
    return {
      module: MessagingModule,
      providers: [
        { provide: Publisher, useFactory: () => new MessagePublisher(backend, options) },
        { provide: Queues, useValue: backend },
        { provide: Waits, useValue: waits },
        { provide: APP_FILTER, useClass: PassErrors },
      ],
      exports: [Publisher, Queues, Waits],
    };
  }
}
