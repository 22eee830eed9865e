import type { Message } from 'amqplib';
import fc from 'fast-check';

import { deliveriesOf, envelopeOf, propertiesOf } from './properties.js';

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
