import { createHash, randomUUID } from 'node:crypto';

import { attempt as attemptSchema, slice as sliceSchema, type Slice, type Stage } from '#contracts';

/** What a body says of where it belongs. */
export interface Found {
  readonly slice: Slice;
  readonly attempt?: string;
}

/** The slice (and attempt) a body speaks of, as far as it can be read: the body may well be broken elsewhere. */
export function sliceIn(stage: Stage, body: unknown): Found | undefined {
  const holder = field(body, 'identity') ?? body;
  const slice = sliceSchema.safeParse(stage === 'slices' ? body : field(holder, 'slice'));
  if (!slice.success) return undefined;
  const attempt = attemptSchema.safeParse(field(holder, 'attempt'));
  return { slice: slice.data, ...(attempt.success ? { attempt: attempt.data } : {}) };
}

/** The run a body belongs to, if it names one. */
export function runIn(stage: Stage, body: unknown): string | undefined {
  const runId = sliceIn(stage, body)?.slice.runId ?? field(body, 'runId');
  return typeof runId === 'string' ? runId : undefined;
}

/** The same batch or page always has the same id, however often it is published; everything else a fresh one. */
export function messageIdFor(stage: Stage, body: unknown): string {
  switch (stage) {
    case 'raw':
    case 'rows': {
      const identity = field(body, 'identity');
      return hash([stage, ...place(identity), field(identity, 'number'), field(identity, 'sha')]);
    }
    case 'pages':
      return hash([stage, ...place(body)]);
    default:
      return randomUUID();
  }
}

function place(holder: unknown): unknown[] {
  return [field(field(holder, 'slice'), 'sliceId'), field(holder, 'attempt'), field(holder, 'page')];
}

function hash(parts: unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
