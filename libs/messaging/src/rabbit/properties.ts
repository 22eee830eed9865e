import { randomUUID } from 'node:crypto';

import { TOPOLOGY_VERSION, type Service } from '#contracts';
import type { Message, Options } from 'amqplib';

import type { Envelope, Route } from '../backend.js';
import type { BrokerDeath } from '../dead-letters.js';

/** Set by the broker; republished they would come back as if the sender had meant them. */
const brokerHeader = /^x-(death$|delivery-count$|acquired-count$|first-death-|last-death-)/;

/** AMQP properties of an envelope. Persistent, for a dead-lettered copy keeps the mode of the original. */
export function propertiesOf({ stage }: Route, envelope: Envelope, service: Service): Options.Publish {
  return {
    messageId: envelope.messageId,
    type: `etl.${stage}.v${TOPOLOGY_VERSION}`,
    appId: service,
    contentType: 'application/json',
    ...(envelope.contentEncoding ? { contentEncoding: envelope.contentEncoding } : {}),
    ...(envelope.correlationId ? { correlationId: envelope.correlationId } : {}),
    timestamp: Math.floor(Date.now() / 1000),
    persistent: true,
    headers: { ...envelope.headers, 'x-attempt': envelope.attempt },
  };
}

/** Whatever arrived as an envelope: people may publish without any properties. */
export function envelopeOf({ content, properties }: Message): Envelope {
  const { 'x-attempt': attempt, ...headers } = properties.headers ?? {};
  return {
    messageId: textOr(properties.messageId, randomUUID()),
    body: content,
    contentEncoding: textOr(properties.contentEncoding, undefined),
    correlationId: textOr(properties.correlationId, undefined),
    attempt: Number.isSafeInteger(attempt) && attempt > 0 ? (attempt as number) : 0,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !brokerHeader.test(name))),
  };
}

/** How often a quorum queue has handed the message out, this time included. */
export function deliveriesOf({ properties }: Message): number {
  const before: unknown = properties.headers?.['x-delivery-count'];
  return typeof before === 'number' ? before + 1 : 1;
}

/** Why and when the broker itself gave a message up; undefined where a consumer did. */
export function brokerDeathOf({ properties }: Message): BrokerDeath | undefined {
  const deaths = properties.headers?.['x-death'] as unknown;
  const found: unknown = Array.isArray(deaths) ? deaths.find(({ reason }) => reason !== 'expired') : undefined;
  if (typeof found !== 'object' || found === null) return undefined;
  const { reason, time } = found as { reason?: unknown; time?: { value?: unknown } };
  const seconds = typeof time === 'object' ? time.value : undefined;
  const at = typeof seconds === 'number' ? new Date(seconds * 1000).toISOString() : null;
  return { reason: typeof reason === 'string' ? reason : 'unknown', at };
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' && value !== '' ? value : otherwise;
}
