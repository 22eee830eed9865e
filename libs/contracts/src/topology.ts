import type { Stage } from './messages.js';
import { lanes, type Lane } from './slices.js';

/** The services that produce and consume. `operator` is a person or the CLI. */
export type Service = 'extractor' | 'transformer' | 'loader' | 'operator';

export interface StageRoute {
  readonly stage: Stage;
  readonly producers: readonly Service[];
  readonly consumer: Service;
  /** Stages with a lane have their queues once a lane. */
  readonly laned: boolean;
  /** Request and reply: no `.wait`, `.again`, `.dlq`; an unanswered one expires and is asked again. */
  readonly reply: boolean;
  readonly content: string;
}

/** Every hop, once. Rising `version` means new queues: a queue's arguments cannot be changed in place. */
export const TOPOLOGY_VERSION = 1;
export const stages: readonly StageRoute[] = [
  route('commands', ['operator'], 'extractor', false, 'what a person or a schedule asks for'),
  route('slices', ['loader'], 'extractor', true, 'one dictionary, day or handful of sessions to be read'),
  route('pages', ['extractor'], 'extractor', true, 'listed sessions whose details are to be asked for'),
  route('raw', ['extractor'], 'transformer', true, "ET's answers"),
  route('rows', ['transformer'], 'loader', true, 'rows for the warehouse'),
  route('ends', ['extractor'], 'loader', true, 'how much a finished listing held'),
  route('problems', ['extractor', 'transformer', 'loader'], 'loader', false, 'slices whose message was dead-lettered'),
  { ...route('questions', ['extractor', 'operator'], 'loader', false, 'questions about state'), reply: true },
];

/**
 * Of what messages say. Rises where a reader of the version before would misunderstand one, or lose a part of it: such a
 * reader sets the message aside until a newer one takes it. Fields that may be missing do not raise it.
 */
export const CONTRACT_VERSION = 1;

/** Milliseconds before a message that was set aside comes back, and a question nobody answered expires. */
export const WAIT_MS = 60_000;
export const QUESTION_MS = 10_000;
/** A message is dead-lettered after this many retries. */
export const MAX_ATTEMPTS = 6;
/** Deliveries after which the broker gives up on a message that kills its consumer. */
export const DELIVERY_LIMIT = 20;
/** Bytes a work queue holds before publishers have to wait. */
export const QUEUE_BYTES = 256 * 1024 * 1024;
/** Bodies above this are compressed (zstd); none may be longer than `MAX_BODY_BYTES` once unpacked. */
export const COMPRESS_ABOVE_BYTES = 4096;
export const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** One exchange a producing service, so that each can be granted only its own. */
export function exchangeOf(service: Service): string {
  return `etl.${service}`;
}
/** Takes what expires in `.wait` to `.again`, and what is refused to `.dlq`. */
export const RETURN_EXCHANGE = 'etl.return';

/** `etl.raw.backfill.v1`; without a lane `etl.commands.v1`. It is the routing key as well. */
export function queueOf(stage: Stage, lane: Lane | null): string {
  return ['etl', stage, ...(lane ? [lane] : []), `v${TOPOLOGY_VERSION}`].join('.');
}

/** The work queues a service consumes. */
export function queuesOf(service: Service): { stage: Stage; lane: Lane | null; queue: string; reply: boolean }[] {
  return stages
    .filter((candidate) => candidate.consumer === service)
    .flatMap(({ stage, laned, reply }) =>
      (laned ? lanes : [null]).map((lane) => ({ stage, lane, queue: queueOf(stage, lane), reply })),
    );
}

function route(stage: Stage, producers: Service[], consumer: Service, laned: boolean, content: string): StageRoute {
  return { stage, producers, consumer, laned, reply: false, content };
}
