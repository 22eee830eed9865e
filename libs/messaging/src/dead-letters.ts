import { createHash } from 'node:crypto';

import { queueOf, stages } from '#contracts';

import type { Envelope, Route } from './backend.js';
import { unpack } from './codec.js';

/** A message that will not be handled before somebody has looked at it. Instants are ISO; null where nobody knows. */
export interface DeadLetter extends Route {
  /** 12 hexadecimal digits of what the message is: the same at every look, and for copies of one message. */
  readonly id: string;
  /** The work queue it was taken from. */
  readonly queue: string;
  /** Who gave it up. */
  readonly service: string;
  readonly messageId: string;
  readonly attempt: number;
  readonly reason: string;
  /** The kind of fault. */
  readonly errorClass: string;
  readonly runId: string | null;
  readonly sliceId: string | null;
  readonly firstFailedAt: string | null;
  readonly deadAt: string | null;
  /** How often it was sent again by a person. */
  readonly redriven: number;
  /** Of the body, as it is kept. */
  readonly bytes: number;
}

/** Where dead letters lie. */
export interface DeadLetters {
  /** All, queue by queue, oldest first; or those of some routes. */
  list(routes?: readonly Route[]): Promise<DeadLetter[]>;
  /** The envelope of one as it lies there; undefined where it does no longer. */
  open(letter: DeadLetter): Promise<Envelope | undefined>;
  /**
   * Sends each of these to its consumer again, as if it had never failed, and then takes it away: whoever is killed
   * in between leaves it twice, which does no harm. Gives those that were still there.
   */
  redrive(letters: readonly DeadLetter[], signal: AbortSignal): Promise<DeadLetter[]>;
  /** Takes these away for good, and gives those that were still there. */
  discard(letters: readonly DeadLetter[]): Promise<DeadLetter[]>;
}

/** What the broker says where it gave a message up by itself. */
export interface BrokerDeath {
  readonly reason: string;
  /** ISO instant. */
  readonly at: string | null;
}

const ID_DIGITS = 12;

/** A dead letter of the message as it lies there. Headers that it lacks are made up for by what is known otherwise. */
export function deadLetterOf(route: Route, envelope: Envelope, broker?: BrokerDeath): DeadLetter {
  const { headers, messageId, attempt, body, correlationId } = envelope;
  const told = (name: string): string | null => (typeof headers[name] === 'string' ? headers[name] : null);
  const redriven = headers['x-redriven'];
  return {
    ...route,
    id: idOf(route, envelope),
    queue: queueOf(route.stage, route.lane),
    service: told('x-origin-service') ?? stages.find(({ stage }) => stage === route.stage)?.consumer ?? '',
    messageId,
    attempt,
    reason: broker ? brokerReason(broker, told('x-error')) : (told('x-error') ?? 'no reason was given'),
    errorClass: broker ? broker.reason : (told('x-error-class') ?? 'unknown'),
    runId: told('x-run-id') ?? correlationId ?? null,
    sliceId: told('x-slice-id'),
    firstFailedAt: told('x-first-failed-at'),
    deadAt: broker ? broker.at : told('x-failed-at'),
    redriven: typeof redriven === 'number' ? redriven : 0,
    bytes: body.length,
  };
}

/** The same message as it is sent again: nothing of its failures but when the first was, and how often it was redriven. */
export function redrivenEnvelope(envelope: Envelope): Envelope {
  const kept = Object.entries(envelope.headers).filter(([name]) => !ofDeath.has(name));
  const before = envelope.headers['x-redriven'];
  const redriven = (typeof before === 'number' ? before : 0) + 1;
  return { ...envelope, attempt: 0, headers: { ...Object.fromEntries(kept), 'x-redriven': redriven } };
}

const ofDeath = new Set([
  'x-error',
  'x-error-class',
  'x-failed-at',
  'x-origin-queue',
  'x-origin-service',
  'x-run-id',
  'x-slice-id',
]);

/** What a dead letter says: its JSON value; undefined, with the reason, where it cannot be read. Never throws. */
export async function contentOf({ body, contentEncoding }: Envelope): Promise<{ value: unknown; problem?: string }> {
  return unpack(body, contentEncoding).then(
    (value) => ({ value }),
    (error: Error) => ({ value: undefined, problem: error.message }),
  );
}

function idOf(route: Route, { messageId, body }: Envelope): string {
  const hash = createHash('sha256')
    .update(`${queueOf(route.stage, route.lane)}\n${messageId}\n`)
    .update(body);
  return hash.digest('hex').slice(0, ID_DIGITS);
}

function brokerReason({ reason }: BrokerDeath, before: string | null): string {
  const told =
    reason === 'delivery_limit'
      ? 'handed out too often without an answer: it may end its consumer'
      : `given up: ${reason}`;
  return `the broker gave it up, ${told}${before === null ? '' : `; before that: ${before}`}`;
}
