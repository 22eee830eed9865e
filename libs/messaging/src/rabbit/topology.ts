import { DELIVERY_LIMIT, lanes, QUESTION_MS, QUEUE_BYTES, stages, WAIT_MS, type StageRoute } from '#contracts';

import type { Route } from '../backend.js';
import { Names } from './names.js';

export interface TopologyOptions {
  readonly prefix?: string | undefined;
  /** Milliseconds before a message that was set aside comes back. */
  readonly waitMs?: number | undefined;
  /** Bytes a work queue holds before publishers have to wait. */
  readonly queueBytes?: number | undefined;
  /** The same in messages; without it only bytes count. */
  readonly queueMessages?: number | undefined;
}

export interface ExchangePlan {
  readonly name: string;
  readonly type: 'topic' | 'direct';
}
export interface QueuePlan {
  readonly name: string;
  readonly arguments: Readonly<Record<string, string | number>>;
  /** Exchanges that route the queue's name to it. */
  readonly boundTo: readonly string[];
}
export interface TopologyPlan {
  readonly exchanges: readonly ExchangePlan[];
  readonly queues: readonly QueuePlan[];
}

/**
 * Every look at a dead letter is a delivery, and RabbitMQ 4 drops what was handed out 20 times unless told otherwise.
 * -1, which means never there, makes 3.10 drop it at the first (measured); nobody reaches this number.
 */
const DEAD_DELIVERY_LIMIT = 2_147_483_647;

/** Everything that has to exist on the broker, made of `stages`. All queues are quorum queues and durable. */
export function topologyPlan(options: TopologyOptions = {}): TopologyPlan {
  const names = new Names(options.prefix);
  const services = new Set(stages.flatMap(({ producers, consumer }) => [...producers, consumer]));
  return {
    exchanges: [
      ...[...services].map((service) => ({ name: names.exchange(service), type: 'topic' }) as const),
      { name: names.returns, type: 'direct' },
    ],
    queues: stages.flatMap((stage) => routesOf(stage).flatMap((route) => queuePlans(names, stage, route, options))),
  };
}

/** Every route: each stage once, or once a lane. */
export function routesOf({ stage, laned }: StageRoute): Route[] {
  return (laned ? lanes : [null]).map((lane) => ({ stage, lane }));
}

function queuePlans(names: Names, stage: StageRoute, route: Route, options: TopologyOptions): QueuePlan[] {
  const { waitMs = WAIT_MS, queueBytes = QUEUE_BYTES, queueMessages } = options;
  const producers = stage.producers.map((service) => names.exchange(service));
  const consumer = names.exchange(stage.consumer);
  const bounded = {
    'x-max-length-bytes': queueBytes,
    ...(queueMessages === undefined ? {} : { 'x-max-length': queueMessages }),
  };
  const work = names.queue(route);
  if (stage.reply) {
    const expiry = { 'x-message-ttl': QUESTION_MS, 'x-overflow': 'reject-publish' };
    return [quorum(work, producers, DELIVERY_LIMIT, { ...bounded, ...expiry })];
  }
  const wait = names.queue(route, 'wait');
  const again = names.queue(route, 'again');
  const dead = names.queue(route, 'dead');
  return [
    quorum(work, producers, DELIVERY_LIMIT, { ...bounded, ...deadLettering(names, dead) }),
    quorum(wait, [consumer], DELIVERY_LIMIT, { 'x-message-ttl': waitMs, ...deadLettering(names, again) }),
    quorum(again, [names.returns], DELIVERY_LIMIT, deadLettering(names, dead)),
    quorum(dead, [names.returns, consumer], DEAD_DELIVERY_LIMIT, {}),
  ];
}

function quorum(
  name: string,
  boundTo: readonly string[],
  deliveryLimit: number,
  others: Record<string, string | number>,
): QueuePlan {
  return { name, boundTo, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': deliveryLimit, ...others } };
}

/** At-least-once needs reject-publish: with any other overflow the broker falls back to at-most-once in silence. */
function deadLettering(names: Names, to: string): Record<string, string> {
  return {
    'x-dead-letter-exchange': names.returns,
    'x-dead-letter-routing-key': to,
    'x-dead-letter-strategy': 'at-least-once',
    'x-overflow': 'reject-publish',
  };
}
