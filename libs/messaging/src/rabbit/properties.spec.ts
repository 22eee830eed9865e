import type { Message } from 'amqplib';
import fc from 'fast-check';

import { brokerDeathOf, deliveriesOf, envelopeOf, propertiesOf } from './properties.js';

const route = { stage: 'raw', lane: 'live' } as const;
const content = Buffer.from('{}');
const message = (properties: object) => ({ content, fields: {}, properties }) as Message;

it('reads an envelope as it was sent', () => {
  const envelope = {
    messageId: 'm-1',
    body: content,
    contentEncoding: 'zstd',
    correlationId: 'run-1',
    attempt: 2,
    headers: { 'x-first-published-at': 'then', other: 1 },
  };
  expect(envelopeOf(message(propertiesOf(route, envelope, 'extractor')))).toEqual(envelope);
});

it('drops what the broker added, and nothing else', () => {
  const headers = {
    'x-death': [],
    'x-delivery-count': 3,
    'x-acquired-count': 3,
    'x-first-death-queue': 'q',
    'x-last-death-reason': 'expired',
    'x-deathly': 'kept',
    traceparent: 'kept',
  };
  expect(envelopeOf(message({ headers })).headers).toEqual({ 'x-deathly': 'kept', traceparent: 'kept' });
  expect(deliveriesOf(message({ headers }))).toBe(4);
});

it('passes on what surely can be sent, those like ours before all others', () => {
  const many = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`header ${index}`, 'ї'.repeat(50)]));
  const ours = { 'x-first-failed-at': 'then', 'x-contract-version': 2, 'x-redriven': 1 };
  const odd = { book: 'ї'.repeat(3_000), none: Number.NaN, list: [1], table: { a: 1 }, nothing: null };
  const { headers } = envelopeOf(message({ headers: { ...many, ...odd, ['ї'.repeat(128)]: 1, ...ours } }));
  expect(headers).toMatchObject(ours);
  expect(Object.keys(headers)).toContain('header 1');
  for (const name of [...Object.keys(odd), 'ї'.repeat(128), 'header 1999']) expect(headers).not.toHaveProperty([name]);
  expect(Buffer.byteLength(JSON.stringify(headers))).toBeLessThan(32_768);
});

it('gives an id that has grown too long to be sent another, always the same', () => {
  const envelope = () => envelopeOf(message({ messageId: '\ufffd'.repeat(255), correlationId: '\ufffd'.repeat(255) }));
  expect(envelope()).toMatchObject({ messageId: expect.stringMatching(/^[\da-f]{64}$/) as string });
  expect(envelope()).toMatchObject({ messageId: envelope().messageId, correlationId: undefined });
});

it('reads of what the broker gave up as much as there is', () => {
  const death = (...deaths: unknown[]) => brokerDeathOf(message({ headers: { 'x-death': deaths } }));
  expect(death({ reason: 'delivery_limit', time: { '!': 'timestamp', value: 1_763_842_140 } })).toEqual({
    reason: 'delivery_limit',
    at: '2025-11-22T20:09:00.000Z',
  });
  expect(death({ reason: 'expired' })).toBeUndefined();
  expect(death(null, 1, 'x')).toBeUndefined();
  expect(death({})).toEqual({ reason: 'unknown', at: null });
  expect(death({ reason: 7, time: { value: 8.7e15 } })).toEqual({ reason: 'unknown', at: null });
  expect(death({ reason: 'rejected', time: null })).toEqual({ reason: 'rejected', at: null });
});

it('makes an envelope of whatever a stranger sets', () => {
  const anything = fc.record(
    {
      messageId: fc.anything(),
      contentEncoding: fc.anything(),
      correlationId: fc.anything(),
      headers: fc.option(fc.dictionary(fc.string(), fc.anything()).map((all) => ({ ...all, 'x-attempt': all['a'] }))),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(anything, (properties) => {
      const envelope = envelopeOf(message(properties));
      expect(envelope.messageId).not.toBe('');
      expect(typeof envelope.messageId).toBe('string');
      expect(envelope.attempt).toBeGreaterThanOrEqual(0);
    }),
  );
});
