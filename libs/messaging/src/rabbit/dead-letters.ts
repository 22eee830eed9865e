import { setTimeout as sleep } from 'node:timers/promises';

import { stages } from '#contracts';
import type { Channel, GetMessage } from 'amqplib';

import type { Backend, Envelope, Route } from '../backend.js';
import { contentOf, deadLetterOf, redrivenEnvelope, type DeadLetter, type DeadLetters } from '../dead-letters.js';
import { TransientError } from '../failures.js';
import { sliceIn } from '../subject-of.js';
import { closeQuietly, openChannel } from './channels.js';
import type { RabbitConnection } from './connection.js';
import type { Names } from './names.js';
import { brokerDeathOf, envelopeOf } from './properties.js';
import { routesOf } from './topology.js';

const CONNECT_MS = 5_000;
/** How long to wait for somebody else who looks at the dead letters. */
const TURN_MS = 60_000;
const TURN_AGAIN_MS = 100;
const LOCKED = 405;
const MISSING = 404;
const BACK_MS = 5_000;
const BACK_AGAIN_MS = 10;

type Act = (letter: DeadLetter, envelope: Envelope) => Promise<'keep' | 'take away'>;

/**
 * Dead letters are looked at by taking them without acknowledging: closing the channel puts them back.
 * What one process has taken nobody else sees, so an exclusive queue lets one look at a time.
 */
export class RabbitDeadLetters implements DeadLetters {
  constructor(
    private readonly connection: RabbitConnection,
    private readonly names: Names,
    private readonly publish: Backend['publish'],
  ) {}

  async list(routes = allRoutes()): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    await this.each(routes, async (letter) => {
      letters.push(letter);
      return 'keep';
    });
    // The broker's own order changes where only some were taken and put back.
    return [...Map.groupBy(letters, ({ queue }) => queue).values()].flatMap((own) => own.sort(byAge));
  }

  async open(wanted: DeadLetter): Promise<Envelope | undefined> {
    let found: Envelope | undefined;
    await this.each([wanted], async (letter, envelope) => {
      if (letter.id === wanted.id) found = envelope;
      return 'keep';
    });
    return found;
  }

  async redrive(letters: readonly DeadLetter[], signal: AbortSignal): Promise<DeadLetter[]> {
    return this.takeAway(letters, async (letter, envelope) => {
      await this.publish(letter, 'again', redrivenEnvelope(envelope), signal);
    });
  }

  async discard(letters: readonly DeadLetter[]): Promise<DeadLetter[]> {
    return this.takeAway(letters, async () => undefined);
  }

  private async takeAway(letters: readonly DeadLetter[], first: (...args: Parameters<Act>) => Promise<void>) {
    const wanted = new Set(letters.map(({ id }) => id));
    const routes = allRoutes().filter(({ stage, lane }) =>
      letters.some((letter) => letter.stage === stage && letter.lane === lane),
    );
    const taken = new Map<string, DeadLetter>();
    await this.each(routes, async (letter, envelope) => {
      if (!wanted.has(letter.id)) return 'keep';
      // A copy of the same message has nothing to add.
      if (!taken.has(letter.id)) await first(letter, envelope);
      taken.set(letter.id, letter);
      return 'take away';
    });
    return [...taken.values()];
  }

  /** Those that lay there at the beginning: what dies again meanwhile lies behind them. */
  private async each(routes: readonly Route[], act: Act): Promise<void> {
    const unlock = await this.turn();
    try {
      for (const route of routes) await this.eachOf(route, act);
    } finally {
      await unlock();
    }
  }

  private async eachOf(route: Route, act: Act): Promise<void> {
    const queue = this.names.queue(route, 'dead');
    const channel = await this.channel();
    let kept = 0;
    try {
      const { messageCount } = await channel.checkQueue(queue).catch(emptyWhereMissing);
      for (let seen = 0; seen < messageCount; seen += 1) {
        const message = await channel.get(queue);
        if (!message) break;
        kept += 1;
        const envelope = keptEnvelope(message);
        if ((await act(await letterOf(route, message, envelope), envelope)) === 'keep') continue;
        channel.ack(message);
        kept -= 1;
      }
    } finally {
      await closeQuietly(channel);
      if (kept > 0) await this.untilBack(queue, kept);
    }
  }

  /** A quorum queue takes its time to put back what a closed channel had: who looked at once would miss some. */
  private async untilBack(queue: string, kept: number): Promise<void> {
    const channel = await this.channel();
    for (const end = Date.now() + BACK_MS; Date.now() < end; await sleep(BACK_AGAIN_MS)) {
      if ((await channel.checkQueue(queue)).messageCount >= kept) break;
    }
    await closeQuietly(channel);
  }

  /** Waits until nobody else looks. The lock goes with the connection of who holds it. */
  private async turn(): Promise<() => Promise<void>> {
    const name = this.names.deadLetterLock;
    for (const end = Date.now() + TURN_MS; ; await sleep(TURN_AGAIN_MS)) {
      const channel = await this.channel();
      try {
        await channel.assertQueue(name, { exclusive: true, durable: false });
        return async () => {
          await channel.deleteQueue(name).catch(() => undefined);
          await closeQuietly(channel);
        };
      } catch (error) {
        if ((error as { code?: unknown }).code !== LOCKED) throw error;
        if (Date.now() > end) throw new TransientError('somebody else has the dead letters in hand', { outside: true });
      }
    }
  }

  private async channel(): Promise<Channel> {
    return openChannel(await this.connection.ready(AbortSignal.timeout(CONNECT_MS)));
  }
}

/** Without an id of its own a message would get another at every look. */
function keptEnvelope(message: GetMessage): Envelope {
  const envelope = envelopeOf(message);
  return message.properties.messageId ? envelope : { ...envelope, messageId: '' };
}

/** What the broker gave up carries none of our headers: the body says which slice it is of. */
async function letterOf(route: Route, message: GetMessage, envelope: Envelope): Promise<DeadLetter> {
  const letter = deadLetterOf(route, envelope, brokerDeathOf(message));
  if (letter.sliceId !== null) return letter;
  const slice = sliceIn(route.stage, (await contentOf(envelope)).value)?.slice;
  return slice ? { ...letter, runId: slice.runId, sliceId: slice.sliceId } : letter;
}

/** Where no service has ever declared its queues, nothing died. */
function emptyWhereMissing(error: unknown): { messageCount: number } {
  if ((error as { code?: unknown }).code === MISSING) return { messageCount: 0 };
  throw error;
}

function byAge(one: DeadLetter, other: DeadLetter): number {
  return (one.deadAt ?? '').localeCompare(other.deadAt ?? '') || one.id.localeCompare(other.id);
}

function allRoutes(): Route[] {
  return stages.filter(({ reply }) => !reply).flatMap(routesOf);
}
