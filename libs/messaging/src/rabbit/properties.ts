import { createHash, randomUUID } from 'node:crypto';

import { TOPOLOGY_VERSION, type Service } from '#contracts';
import type { Message, Options } from 'amqplib';

import type { Envelope, Route } from '../backend.js';
import type { BrokerDeath } from '../dead-letters.js';

/** Set by the broker; republished they would come back as if the sender had meant them. */
const brokerHeader = /^x-(death$|delivery-count$|acquired-count$|first-death-|last-death-)/;

/** Bytes of a name or a short text in AMQP. What was not UTF-8 has grown since it was sent. */
const MAX_SHORT_BYTES = 255;
/** Of headers that are passed on: RabbitMQ takes some 100 KiB of them, amqplib sends 64, and ours are added. */
const MAX_HEADER_BYTES = 4_096;
const MAX_HEADERS_BYTES = 16_384;

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
    messageId: idOr(properties.messageId, randomUUID),
    body: content,
    contentEncoding: textOr(properties.contentEncoding, undefined),
    correlationId: textOr(properties.correlationId, undefined),
    attempt: Number.isSafeInteger(attempt) && attempt > 0 ? (attempt as number) : 0,
    headers: portable(headers),
  };
}

/**
 * Headers that can be sent on: plain values, as many as surely fit, those like ours first. Whoever sends lists, tables
 * or a book does not get them back.
 */
function portable(headers: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const ours = (name: string) => Number(name.startsWith('x-'));
  const found = Object.entries(headers).sort(([one], [other]) => ours(other) - ours(one));
  let room = MAX_HEADERS_BYTES;
  const kept = found.filter(([name, value]) => {
    if (brokerHeader.test(name) || !isPlain(value)) return false;
    const bytes = Buffer.byteLength(String(value));
    if (Buffer.byteLength(name) > MAX_SHORT_BYTES || bytes > MAX_HEADER_BYTES) return false;
    room -= Buffer.byteLength(name) + bytes;
    return room >= 0;
  });
  return Object.fromEntries(kept);
}

/** amqplib sends no number that is none, though it reads it. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}

function idOr(value: unknown, make: () => string): string {
  if (typeof value !== 'string' || value === '') return make();
  return textOr(value, createHash('sha256').update(value).digest('hex'));
}

/** How often a quorum queue has handed the message out, this time included. */
export function deliveriesOf({ properties }: Message): number {
  const before: unknown = properties.headers?.['x-delivery-count'];
  return typeof before === 'number' ? before + 1 : 1;
}

/** Why and when the broker itself gave a message up; undefined where a consumer did. */
export function brokerDeathOf({ properties }: Message): BrokerDeath | undefined {
  const deaths = properties.headers?.['x-death'] as unknown;
  // A stranger can write such a header as well.
  const told = Array.isArray(deaths)
    ? deaths.filter((death): death is Death => typeof death === 'object' && !!death)
    : [];
  const found = told.find(({ reason }) => reason !== 'expired');
  if (!found) return undefined;
  const at = new Date(Number(found.time?.value) * 1000);
  return {
    reason: typeof found.reason === 'string' ? found.reason : 'unknown',
    at: Number.isNaN(at.getTime()) ? null : at.toISOString(),
  };
}

/** An entry of the broker's header `x-death`. */
interface Death {
  readonly reason?: unknown;
  readonly time?: { readonly value?: unknown } | null;
}

function textOr<T>(value: unknown, otherwise: T): string | T {
  const isText = typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= MAX_SHORT_BYTES;
  return isText ? value : otherwise;
}
