import { connect } from 'amqplib';

import { lanes, queueOf, stages } from '#contracts';

import { until } from '../../support/until.js';
import type { Scenario } from '../scenario.js';
import { brokerTraffic } from '../broker-traffic.js';
import { backfilling } from './backfilling.js';

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const plain: readonly Buffer[] = [
  Buffer.alloc(0),
  Buffer.from('not JSON'),
  Buffer.from('{"type":'),
  Buffer.from([0xff, 0xfe, 0x00, 0x80]),
  Buffer.from('\u0000'),
  json(null),
  json(true),
  json(7),
  json('text'),
  json([]),
  json([{}]),
  json({}),
  Buffer.from('{"__proto__":{"type":"sync"}}'),
  json({ type: 'no such type' }),
  json({ slice: null, attempt: 1 }),
  json({ slice: { runId: 1e308, sliceId: [], lane: 'express' } }),
  json({ runId: {}, sliceId: {}, lane: {}, subject: {} }),
  Buffer.from('['.repeat(50_000)),
];
/** What says to be packed, and is not. */
const packed = ['zstd', 'gzip', 'no such encoding'].map((contentEncoding) => ({ body: json({}), contentEncoding }));
const poison = [...plain.map((body) => ({ body, contentEncoding: undefined })), ...packed];

/** Messages that make no sense, of each kind on each queue, amid those that do. */
export const poisonedQueues = ({ sessions }: { readonly sessions: number }): Scenario => ({
  name: 'poisoned-queues',
  needs: ['rabbitmq', 'postgresql'],
  run: (luck) =>
    backfilling(
      { sessions },
      luck,
      async (_running, ground) => {
        const url = ground.settings['AMQP_URL'] ?? '';
        const queues = stages
          .filter(({ reply }) => !reply)
          .flatMap(({ stage, laned }) => (laned ? lanes : [null]).map((lane) => queueOf(stage, lane)));
        const connection = await connect(url);
        const channel = await connection.createConfirmChannel();
        for (const queue of queues) {
          for (const { body, contentEncoding } of poison) channel.sendToQueue(queue, body, { contentEncoding });
        }
        await channel.waitForConfirms();
        await connection.close();
        const sent = queues.length * poison.length;
        await until('all of it is dead', async () => (await brokerTraffic(url)).deadLetters >= sent, 120_000, 100);
        return sent;
      },
      { poisonous: true },
    ),
});
