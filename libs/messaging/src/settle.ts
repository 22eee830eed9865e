import type { SliceProblem } from '#contracts';

import type { Backend, Envelope, Incoming } from './backend.js';
import { pack, unpack } from './codec.js';
import { contractHeader } from './contract-version.js';
import type { Log } from './log.js';
import { failureHeaders, reasonOf, type Outcome } from './settlement.js';
import { messageIdFor, sliceIn, type Found } from './subject-of.js';

export interface Settling {
  readonly backend: Backend;
  readonly logger: Log;
  /** Aborts when there is no time left even to give messages back. */
  readonly ending: AbortSignal;
}

/**
 * The one place where a message's fate is carried out: first it is safely kept elsewhere, then acknowledged. Waits
 * for the broker as long as it takes; until then the message stays in hand, and its slot's successor with it.
 * Throws `TransientError` once `ending` aborts; the broker then hands the message out again.
 */
export async function settle(incoming: Incoming, outcome: Outcome, settling: Settling): Promise<void> {
  const { backend, ending } = settling;
  const { route, envelope } = incoming;
  const noted = (error: unknown, more: Envelope['headers'] = {}) => ({
    ...envelope,
    headers: { ...envelope.headers, ...failureHeaders(error, route, envelope.headers, new Date()), ...more },
  });
  switch (outcome.kind) {
    case 'done':
      backend.tally.add(route, 'done');
      break;
    case 'retry':
      note(incoming, outcome.error, settling, 'message failed and will be retried');
      await backend.publish(route, 'wait', { ...noted(outcome.error), attempt: outcome.attempt }, ending);
      backend.tally.add(route, 'retried');
      break;
    case 'park':
      note(incoming, outcome.error, settling, 'message set aside for a while');
      await backend.publish(route, 'wait', noted(outcome.error), ending);
      backend.tally.add(route, 'parked');
      break;
    case 'dead': {
      note(incoming, outcome.error, settling, 'message dead-lettered');
      const found = await subjectOf(incoming);
      await backend.publish(route, 'dead', noted(outcome.error, subjectHeaders(found)), ending);
      if (found) await postProblem(incoming, found, outcome.error, settling);
      backend.tally.add(route, 'dead');
      break;
    }
  }
  incoming.ack();
}

/** Answers a question, with the reason if it failed. Never retried here: who asks, asks again. */
export async function respond(incoming: Incoming, outcome: Outcome, settling: Settling): Promise<void> {
  const { backend } = settling;
  const failed = (error: unknown) => {
    note(incoming, error, settling, 'question failed');
    return pack({ type: 'failed', reason: reasonOf(error) }, backend.compress);
  };
  try {
    // An answer that no message holds is a failure too: silence would have the question put again and again.
    const answer =
      outcome.kind === 'done' ? pack(outcome.value, backend.compress).catch(failed) : failed(outcome.error);
    await incoming.reply?.({ ...incoming.envelope, ...(await answer) });
    backend.tally.add(incoming.route, 'done');
  } catch (error) {
    note(incoming, error, settling, 'answer could not be sent');
  }
  incoming.ack();
}

/** The slice a dead message names, as far as it can be read. */
async function subjectOf({ route, envelope }: Incoming): Promise<Found | undefined> {
  const body = await unpack(envelope.body, envelope.contentEncoding).catch(() => undefined);
  return sliceIn(route.stage, body);
}

function subjectHeaders(found: Found | undefined): Envelope['headers'] {
  return found ? { 'x-run-id': found.slice.runId, 'x-slice-id': found.slice.sliceId } : {};
}

/** So that the slice fails and nobody waits for ever for what will not come. */
async function postProblem({ route }: Incoming, found: Found, error: unknown, settling: Settling): Promise<void> {
  const { backend, ending } = settling;
  // A broken problem must not beget another.
  if (route.stage === 'problems') return;
  const problem: SliceProblem = { ...found, stage: route.stage, reason: reasonOf(error) };
  const message = {
    messageId: messageIdFor('problems', problem),
    ...(await pack(problem, backend.compress)),
    correlationId: found.slice.runId,
    attempt: 0,
    headers: { ...contractHeader },
  };
  const to = { stage: 'problems', lane: null } as const;
  await backend.publish(to, 'work', message, ending);
  backend.tally.add(to, 'published');
}

function note({ route, envelope }: Incoming, error: unknown, { logger }: Settling, text: string): void {
  const { messageId, correlationId: runId, attempt } = envelope;
  logger.warn({ ...route, messageId, runId, attempt, error }, text);
}
