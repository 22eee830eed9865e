import type { Environment } from '#config';
import { MOST_REOPENED } from '#contracts';
import type { DeadLetter, Envelope } from '#messaging';

import {
  deadLetters,
  discardDeadLetters,
  openDeadLetter,
  readAgain,
} from '../../../../loader/src/ledger/dead-letters.js';
import { connectBroker, type Broker, type Remote } from '../../broker.js';
import { inLedger } from '../../ledger.js';
import { answered, ANSWER_MS } from '../remote.js';

/** What redriving did. */
export interface Redriven {
  readonly taken: readonly DeadLetter[];
  /** Slices that had failed and are open again. */
  readonly reopened: number;
  /** Runs that have to be gone on with in this process; none where services do. */
  readonly runIds: readonly string[];
}

/** Where the dead letters of this installation lie: on the broker, or in the ledger of the one process. */
export interface DeadLetterPlace {
  list(): Promise<DeadLetter[]>;
  open(letter: DeadLetter): Promise<Envelope | undefined>;
  redrive(letters: readonly DeadLetter[], signal: AbortSignal): Promise<Redriven>;
  discard(letters: readonly DeadLetter[]): Promise<DeadLetter[]>;
}

export async function withDeadLetters<T>(
  environment: Environment,
  remote: Remote | undefined,
  work: (place: DeadLetterPlace) => Promise<T>,
): Promise<T> {
  if (!remote) return work(ledgerPlace(environment));
  const broker = await connectBroker(remote, 'asks');
  try {
    return await work(brokerPlace(broker));
  } finally {
    await broker.close();
  }
}

function brokerPlace({ deadLetters: letters, publisher }: Broker): DeadLetterPlace {
  return {
    list: () => letters.list(),
    open: (letter) => letters.open(letter),
    discard: (some) => letters.discard(some),
    async redrive(some, signal) {
      // A slice is open before what failed of it is on its way; if nothing comes, it is read anew after an hour.
      let reopened = 0;
      const sliceIds = slicesOf(some);
      for (let from = 0; from < sliceIds.length; from += MOST_REOPENED) {
        const question = { type: 'reopen-slices', sliceIds: sliceIds.slice(from, from + MOST_REOPENED) } as const;
        reopened += (await answered(publisher.ask(question, ANSWER_MS))).reopened;
      }
      return { taken: await letters.redrive(some, signal), reopened, runIds: [] };
    },
  };
}

function ledgerPlace(environment: Environment): DeadLetterPlace {
  return {
    list: async () => (await inLedger(environment, deadLetters)) ?? [],
    open: async ({ id }) => (await inLedger(environment, (tx) => openDeadLetter(tx, id))) ?? undefined,
    discard: async (some) => (await inLedger(environment, (tx) => discardDeadLetters(tx, some))) ?? [],
    async redrive(some) {
      const again = await inLedger(environment, (tx) => readAgain(tx, some, new Date()));
      return again ?? { taken: [], reopened: 0, runIds: [] };
    },
  };
}

/** A problem that is told again fails its slice: that one stays as it is. */
function slicesOf(letters: readonly DeadLetter[]): string[] {
  const named = letters.filter(({ stage }) => stage !== 'problems').flatMap(({ sliceId }) => sliceId ?? []);
  return [...new Set(named)];
}
