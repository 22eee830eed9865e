import { exchangeOf, queueOf, RETURN_EXCHANGE, type Service } from '#contracts';

import type { Place, Route } from '../backend.js';

const suffixes = { work: '', wait: '.wait', again: '.again', dead: '.dlq' } as const satisfies Record<
  Place | 'again',
  string
>;

/** Names on the broker. The prefix lets several installations share a virtual host; it is empty by default. */
export class Names {
  constructor(private readonly prefix = '') {}

  exchange(service: Service): string {
    return this.prefix + exchangeOf(service);
  }

  get returns(): string {
    return this.prefix + RETURN_EXCHANGE;
  }

  /** A queue of a route; it is the routing key as well. */
  queue({ stage, lane }: Route, place: Place | 'again' = 'work'): string {
    return this.prefix + queueOf(stage, lane) + suffixes[place];
  }
}
