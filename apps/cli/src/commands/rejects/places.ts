import { embeddedSettings, type Environment } from '#config';
import type { Answer, RejectFilter } from '#contracts';
import type { Publisher } from '#messaging';

import { rejectOf, rejectsOf } from '../../../../loader/src/ledger/rejects.js';
import { connectBroker, type Remote } from '../../broker.js';
import { startEmbedded } from '../../embedded.js';
import { inLedger } from '../../ledger.js';
import { warn } from '../../output.js';
import { answered, ANSWER_MS } from '../remote.js';
import type { Replay } from './replay-batch.js';

type Told<T extends Answer['type']> = Omit<Extract<Answer, { type: T }>, 'type'>;

/** Where rejects are asked for: a running loader, or the ledger itself. */
export interface RejectPlace {
  list(filter: RejectFilter): Promise<Told<'rejects'>>;
  /** One by its id or the beginning of it, sooner where the key of its record is known. */
  open(asked: { readonly id: string; readonly key?: string }): Promise<Told<'reject'>>;
}

/** The same, where they can be sent on as well. */
export interface ReplayPlace extends RejectPlace {
  send(replay: Exclude<Replay, { problem: string }>): Promise<void>;
}

export async function withRejects<T>(
  environment: Environment,
  remote: Remote | undefined,
  work: (place: RejectPlace) => Promise<T>,
): Promise<T> {
  if (remote) return withServices(remote, work);
  return work({
    list: async (filter) => (await inLedger(environment, (tx) => rejectsOf(tx, filter))) ?? { rejects: [], total: 0 },
    open: async (asked) => (await inLedger(environment, (tx) => rejectOf(tx, asked))) ?? { ids: [], reject: null },
  });
}

/** Without services they are started in this process. */
export async function withReplays<T>(
  environment: Environment,
  remote: Remote | undefined,
  work: (place: ReplayPlace) => Promise<T>,
): Promise<T> {
  if (remote) return withServices(remote, work);
  const services = await startEmbedded(embeddedSettings(environment), warn);
  const { publisher } = services;
  try {
    const send: ReplayPlace['send'] = (replay) => {
      const { lane } = replay.body.identity.slice;
      return replay.stage === 'raw'
        ? publisher.publish('raw', lane, replay.body)
        : publisher.publish('rows', lane, replay.body);
    };
    return await work({ ...asking(publisher), send });
  } finally {
    await services.close();
  }
}

async function withServices<T>(remote: Remote, work: (place: ReplayPlace) => Promise<T>): Promise<T> {
  const { publisher, close } = await connectBroker(remote, 'asks');
  try {
    const send: ReplayPlace['send'] = (replay) => {
      const { lane } = replay.body.identity.slice;
      return replay.stage === 'raw'
        ? publisher.publishAgain('raw', lane, replay.body)
        : publisher.publishAgain('rows', lane, replay.body);
    };
    return await work({ ...asking(publisher), send });
  } finally {
    await close();
  }
}

function asking(publisher: Publisher): RejectPlace {
  return {
    list: (filter) => answered(publisher.ask({ type: 'rejects', ...filter }, ANSWER_MS)),
    open: ({ id, key }) => answered(publisher.ask({ type: 'reject', id, key }, ANSWER_MS)),
  };
}
