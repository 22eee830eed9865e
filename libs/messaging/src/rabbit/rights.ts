import { stages, type Service } from '#contracts';

import { Names } from './names.js';
import { routesOf, type TopologyOptions } from './topology.js';

/** What RabbitMQ lets a user do: patterns of the names to make, to publish to, and to consume. */
export interface Rights {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** Under this name RabbitMQ asks for the right to its default exchange. */
const DEFAULT_EXCHANGE = 'amq.default';

/**
 * The least that a service works with once its topology is declared: its own exchange, and the queues it consumes. The
 * loader answers questions through the default exchange, which leads to the asker's channel. The operator takes dead
 * letters, and sends them back to where they came from; to be alone at that it holds a queue of its own.
 */
export function rightsOf(service: Service, options: Pick<TopologyOptions, 'prefix'> = {}): Rights {
  const names = new Names(options.prefix);
  const own = names.exchange(service);
  if (service === 'operator') {
    const letters = stages.filter(({ reply }) => !reply).flatMap(routesOf);
    return {
      configure: exactly([names.deadLetterLock]),
      write: exactly([own, names.returns]),
      read: exactly(letters.map((route) => names.queue(route, 'dead'))),
    };
  }
  const consumed = stages.filter(({ consumer }) => consumer === service);
  return {
    configure: exactly([]),
    write: exactly([own, ...(consumed.some(({ reply }) => reply) ? [DEFAULT_EXCHANGE] : [])]),
    read: exactly(
      consumed.flatMap((stage) =>
        routesOf(stage).flatMap((route) => [names.queue(route), ...(stage.reply ? [] : [names.queue(route, 'again')])]),
      ),
    ),
  };
}

function exactly(names: readonly string[]): string {
  return names.length === 0 ? '^$' : `^(${names.map((name) => name.replaceAll('.', String.raw`\.`)).join('|')})$`;
}
