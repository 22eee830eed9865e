import { exchangeOf, queueOf, RETURN_EXCHANGE, type Service } from '#contracts';

import type { Place, Route } from '../backend.js';

const suffixes = { work: '', wait: '.wait', again: '.again', dead: '.dlq' } as const satisfies Record<Place, string>;

/** Names on the broker. The prefix lets several installations share a virtual host; it is empty by default. */
export class Names {
  constructor(private readonly prefix = '') {}

  exchange(service: Service): string {
    return this.prefix + exchangeOf(service);
  }

  get returns(): string {
    return this.prefix + RETURN_EXCHANGE;
  }

  /** Whoever looks at dead letters holds it. */
  get deadLetterLock(): string {
    return `${this.prefix}etl.dead-letters.lock`;
  }

  /** A queue of a route; it is the routing key as well. */
  queue({ stage, lane }: Route, place: Place = 'work'): string {
    return this.prefix + queueOf(stage, lane) + suffixes[place];
  }
}
