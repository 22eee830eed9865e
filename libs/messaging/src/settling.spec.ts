import { setImmediate as turn } from 'node:timers/promises';

import { MAX_ATTEMPTS } from '#contracts';
import fc from 'fast-check';

import type { Envelope } from './backend.js';
import { Consumer } from './consumer.js';
import { RejectedError, TransientError } from './failures.js';
import { MemoryBackend } from './memory/memory-backend.js';
import type { Outcome } from './settlement.js';

const route = { stage: 'commands', lane: null } as const;
const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** What a handler does with a message each time it gets it; `stuck` until it is told to stop. */
const acts = ['done', 'failed', 'unforeseen', 'away', 'refused', 'stuck'] as const;
type Act = (typeof acts)[number];

/** Messages with what is done to each time after time, all being well at last. */
const plans = fc.array(fc.array(fc.constantFrom(...acts), { maxLength: MAX_ATTEMPTS + 4 }), {
  minLength: 1,
  maxLength: 8,
});
/** Turns of the event loop that each process lives; the last lives as long as there is anything to do. */
const lives = fc.array(fc.nat({ max: 12 }), { maxLength: 6 });

/** What one message should come to: a model of the rules, without queues and processes. */
function fateOf(plan: readonly Act[]): { fate: 'done' | 'dead'; attempt: number } {
  let attempt = 0;
  for (const act of plan) {
    if (act === 'done') return { fate: 'done', attempt };
    if (act === 'refused') return { fate: 'dead', attempt };
    if (act === 'away' || act === 'stuck') continue;
    if (attempt === MAX_ATTEMPTS) return { fate: 'dead', attempt };
    attempt += 1;
  }
  return { fate: 'done', attempt };
}

/** Services one after the other over one backend, each told to stop with whatever it has in hand. */
class World {
  readonly backend = new MemoryBackend({ waitMs: 1, maxDead: 1_000 });
  readonly done: { id: string; attempt: number }[] = [];
  private readonly times = new Map<string, number>();

  constructor(
    private readonly plans: readonly (readonly Act[])[],
    private readonly slots: number,
  ) {}

  async publish(): Promise<void> {
    const never = new AbortController().signal;
    for (const id of this.plans.keys()) await this.backend.publish(route, 'work', envelope(String(id)), never);
  }

  /** A process that is told to stop after so many turns, or ends once nothing is left. */
  async live(turns?: number): Promise<void> {
    const ended = (outcome: Outcome) => {
      if (outcome.kind === 'done') this.done.push(outcome.value as World['done'][number]);
    };
    const consumer = new Consumer(route, (_body, delivery) => this.handle(delivery, turns === undefined), {
      backend: this.backend,
      logger: log,
      ending: new AbortController().signal,
      slots: this.slots,
      maxAttempts: MAX_ATTEMPTS,
      holdMs: 60_000,
      ended,
    });
    await consumer.start();
    if (turns === undefined) await this.backend.idle();
    else for (let number = 0; number < turns; number += 1) await turn();
    await consumer.pause();
    consumer.interrupt(new TransientError('the service is stopping', { outside: true }));
    await consumer.idle();
    await consumer.close();
  }

  /** Messages that lie anywhere but among the dead. */
  async left(): Promise<number> {
    return (await this.backend.depth()).reduce((sum, { work, inHand, wait, again }) => {
      return sum + work + (inHand ?? 0) + wait + again;
    }, 0);
  }

  private async handle(
    { messageId, attempt, signal }: { messageId: string; attempt: number; signal: AbortSignal },
    last: boolean,
  ): Promise<unknown> {
    const time = this.times.get(messageId) ?? 0;
    this.times.set(messageId, time + 1);
    const act = this.plans[Number(messageId)]?.[time] ?? 'done';
    await turn();
    switch (act) {
      case 'done':
        return { id: messageId, attempt };
      case 'failed':
        throw new TransientError('the work failed');
      case 'unforeseen':
        throw new TypeError('unforeseen');
      case 'away':
        throw new TransientError('the database is away', { outside: true });
      case 'refused':
        throw new RejectedError('against the contract');
      case 'stuck':
        // Nobody stops the last process, so there it is something away that comes to an end by itself.
        if (last) throw new TransientError('held too long', { outside: true });
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    }
  }
}

function envelope(messageId: string): Envelope {
  const body = Buffer.from('{"type":"sync"}');
  return { messageId, body, contentEncoding: undefined, correlationId: undefined, attempt: 0, headers: {} };
}

it('ends every message once: done, dead-lettered, or still queued, whatever befalls it and however often services stop', async () => {
  await fc.assert(
    fc.asyncProperty(plans, lives, fc.integer({ min: 1, max: 4 }), async (messages, processes, slots) => {
      const world = new World(messages, slots);
      await world.publish();
      const dead = () => world.backend.deadLetters().map(({ messageId }) => messageId);
      for (const turns of processes) {
        await world.live(turns);
        const ended = [...world.done.map(({ id }) => id), ...dead()];
        expect(new Set(ended).size).toBe(ended.length);
        expect(ended.length + (await world.left())).toBe(messages.length);
      }
      await world.live();
      expect(await world.left()).toBe(0);
      const ended = [...world.done.map(({ id }) => id), ...dead()];
      expect(ended.sort()).toEqual([...messages.keys()].map(String).sort());
      await world.backend.close();
    }),
    { numRuns: 150 },
  );
}, 60_000);

it('comes to what the rules say where nobody stops the service', async () => {
  await fc.assert(
    fc.asyncProperty(plans, fc.integer({ min: 1, max: 4 }), async (messages, slots) => {
      const world = new World(messages, slots);
      await world.publish();
      await world.live();
      const found = [
        ...world.done.map(({ id, attempt }) => ({ id, fate: 'done', attempt })),
        ...world.backend.deadLetters().map(({ messageId: id, attempt }) => ({ id, fate: 'dead', attempt })),
      ];
      expect(found.sort((one, other) => Number(one.id) - Number(other.id))).toEqual(
        messages.map((plan, id) => ({ id: String(id), ...fateOf(plan) })),
      );
      await world.backend.close();
    }),
    { numRuns: 150 },
  );
}, 60_000);
