import type { Envelope, Incoming } from '../backend.js';
import { MemoryQueue } from './memory-queue.js';

const never = new AbortController().signal;
const limits = { bytes: 100, messages: Infinity, waitMs: 1, dead: 2 };
const queueOf = (some: Partial<typeof limits> = {}) =>
  new MemoryQueue({ stage: 'problems', lane: null }, { ...limits, ...some }, () => undefined);

function envelope(messageId: string, bytes: number): Envelope {
  const body = Buffer.alloc(bytes);
  return { messageId, body, contentEncoding: undefined, correlationId: undefined, attempt: 0, headers: {} };
}
/** The next message handed out. */
const nextOf = (queue: MemoryQueue) => new Promise<Incoming>((take) => queue.consume(1, take));

it('takes one message of any length, and the next when there is room', async () => {
  const queue = queueOf();
  await queue.put(envelope('long', 1_000), never);
  let kept = false;
  const second = queue.put(envelope('short', 1), never).then(() => (kept = true));
  const { envelope: first, ack } = await nextOf(queue);
  expect([first.messageId, kept]).toEqual(['long', false]);
  ack();
  await second;
});

it('counts messages that are in hand, and once only when they are acknowledged twice', async () => {
  const queue = queueOf({ messages: 1 });
  await queue.put(envelope('a', 1), never);
  const { ack } = await nextOf(queue);
  const second = queue.put(envelope('b', 1), never);
  const third = queue.put(envelope('c', 1), never);
  queue.stop();
  ack();
  ack();
  await second;
  queue.close(new Error('closed'));
  await expect(third).rejects.toThrow('closed');
});

it('refuses who has waited long enough, and whoever comes after closing', async () => {
  const queue = queueOf({ messages: 1 });
  await queue.put(envelope('a', 1), never);
  const patience = new AbortController();
  const waiting = queue.put(envelope('b', 1), patience.signal);
  patience.abort(new Error('no longer'));
  await expect(waiting).rejects.toThrow('no longer');
  expect(queue.counts.work).toBe(1);
  queue.close(new Error('closed'));
  await expect(queue.put(envelope('c', 1), never)).rejects.toThrow('closed');
});

it('brings back what was set aside, beside a full queue', async () => {
  const queue = queueOf({ messages: 1 });
  await queue.put(envelope('a', 1), never);
  queue.setAside(envelope('b', 1));
  expect(queue.counts).toMatchObject({ work: 1, wait: 1 });
  const seen: string[] = [];
  await new Promise<void>((both) =>
    queue.consume(1, ({ envelope: { messageId } }) => {
      seen.push(messageId);
      if (seen.length === 2) both();
    }),
  );
  expect(seen.sort()).toEqual(['a', 'b']);
});

it('keeps the latest dead letters', () => {
  const queue = queueOf();
  for (const id of ['a', 'b', 'c']) queue.bury(envelope(id, 1));
  expect(queue.dead.map(({ messageId }) => messageId)).toEqual(['b', 'c']);
});
