import { stages, type Service } from '#contracts';
import { counter, gauge, type Metric, type Reading } from '#health';

import type { Route } from './backend.js';
import { purposes, type Link } from './link.js';
import { isReady, type Standing } from './standing.js';
import type { Tally } from './tally.js';
import type { Transport } from './transport.js';

const ROUTE = ['stage', 'lane'] as const;
const outcomes = ['done', 'retried', 'parked', 'dead'] as const;

/** What can be told before there is a broker. */
export function standingMetrics(standing: () => Standing): Metric[] {
  const links = (holds: (state: Link['state']) => boolean): Reading[] =>
    purposes.map((connection) => ({
      labels: { connection },
      value: Number(holds(standing().links[connection].state)),
    }));
  return [
    gauge({ name: 'etl_ready', help: 'Whether /readyz answers 200' }, () => [{ value: Number(isReady(standing())) }]),
    gauge(
      {
        name: 'etl_broker_connection_up',
        help: 'Whether the connection to the broker that publishes or consumes stands',
        labelNames: ['connection'],
      },
      () => links((state) => state !== 'connecting'),
    ),
    gauge(
      {
        name: 'etl_broker_connection_blocked',
        help: 'Whether the broker takes no messages for now: its memory or disk alarm is on',
        labelNames: ['connection'],
      },
      () => links((state) => state === 'blocked'),
    ),
    gauge(
      {
        name: 'etl_dependency_away',
        help: 'Whether something the service needs is away and waited for: the database, Ender Turing, a newer service for newer messages, or room in a full queue',
        labelNames: ['dependency'],
      },
      () => {
        const { watched, awaited } = standing();
        const away = new Set(awaited.map(({ what }) => what));
        return [...new Set([...watched, ...away])].map((dependency) => ({
          labels: { dependency },
          value: Number(away.has(dependency)),
        }));
      },
    ),
  ];
}

/** What became of the messages that a service publishes and consumes. */
export function messageMetrics(service: Service, tally: Tally, transport: Transport): Metric[] {
  const of = (mine: (stage: (typeof stages)[number]) => boolean) => {
    const names = new Set(stages.filter(mine).map(({ stage }) => stage));
    return tally.routes().filter(({ route }) => names.has(route.stage));
  };
  const published = of(({ producers }) => producers.includes(service));
  const consumed = of(({ consumer }) => consumer === service);
  return [
    counter(
      { name: 'etl_messages_published_total', help: 'Messages that the broker has confirmed', labelNames: ROUTE },
      () => published.map(({ route, counts }) => ({ labels: labelsOf(route), value: counts.published })),
    ),
    counter(
      { name: 'etl_messages_delivered_total', help: 'Messages taken, those handed out again too', labelNames: ROUTE },
      () => consumed.map(({ route, counts }) => ({ labels: labelsOf(route), value: counts.delivered })),
    ),
    counter(
      {
        name: 'etl_messages_settled_total',
        help: 'Messages by what became of them: done, retried (again in a minute, six times), parked (as often as it takes), dead',
        labelNames: [...ROUTE, 'outcome'],
      },
      () =>
        consumed.flatMap(({ route, counts }) =>
          outcomes.map((outcome) => ({ labels: { ...labelsOf(route), outcome }, value: counts[outcome] })),
        ),
    ),
    gauge(
      {
        name: 'etl_last_message_done_timestamp_seconds',
        help: 'When a message was last done, seconds since 1970; absent before the first',
        labelNames: ROUTE,
      },
      () =>
        consumed.flatMap(({ route, doneAtMs }) =>
          doneAtMs === undefined ? [] : [{ labels: labelsOf(route), value: doneAtMs / 1000 }],
        ),
    ),
    gauge({ name: 'etl_messages_in_hand', help: 'Messages taken and not yet settled', labelNames: ROUTE }, () =>
      transport.consumption().map(({ route, inHand }) => ({ labels: labelsOf(route), value: inHand })),
    ),
    gauge(
      { name: 'etl_consumption_paused', help: 'Whether nothing is taken of this stage for now', labelNames: ROUTE },
      () => transport.consumption().map(({ route, paused }) => ({ labels: labelsOf(route), value: Number(paused) })),
    ),
  ];
}

function labelsOf({ stage, lane }: Route): Record<string, string> {
  return lane === null ? { stage } : { stage, lane };
}
