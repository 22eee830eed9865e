import type { Envelope, Route } from '../backend.js';
import { TransientError } from '../failures.js';
import { MemoryBackend } from './memory-backend.js';

const route: Route = { stage: 'raw', lane: 'live' };
const envelope: Envelope = {
  messageId: 'm',
  body: Buffer.from('{}'),
  contentEncoding: undefined,
  correlationId: undefined,
  attempt: 6,
  headers: { 'x-error': 'the work failed' },
};

it('keeps dead letters itself where nobody else does', async () => {
  const backend = new MemoryBackend();
  await backend.publish(route, 'dead', envelope, AbortSignal.timeout(1_000));
  expect(backend.deadLetters()).toMatchObject([{ ...route, messageId: 'm', attempt: 6, reason: 'the work failed' }]);
});

it('has them kept elsewhere, tried until it succeeds', async () => {
  const buried: unknown[] = [];
  let tries = 0;
  const backend = new MemoryBackend({
    bury: async (...letter) => {
      tries += 1;
      if (tries < 3) throw new Error('the database is away');
      buried.push(letter);
    },
  });
  await backend.publish(route, 'dead', envelope, AbortSignal.timeout(5_000));
  expect(buried).toEqual([[route, envelope]]);
  expect(backend.deadLetters()).toEqual([]);
});

it('says so where there is no time left for it', async () => {
  const bury = () => Promise.reject(new Error('the database is away'));
  const backend = new MemoryBackend({ bury });
  await expect(backend.publish(route, 'dead', envelope, AbortSignal.timeout(50))).rejects.toThrow(TransientError);
});
