import { stageSchemas, type Stage } from '#contracts';
import type { ZodError } from 'zod';

import { RejectedError } from './failures.js';

/** Names of fields and values may be a stranger's, and of any length. */
const MAX_PATH = 100;
const MAX_MESSAGE = 200;

/**
 * zod lists every fault otherwise: half a million faulty cells in a message of 5 MB took it 20 s and 1.3 GB. Its types
 * offer this only where nothing is read; the spec beside shows that it works.
 */
const atFirstFault: object = { abortEarly: true };

/** A body checked against the schema of its stage. Throws `RejectedError` naming the first fault. */
export function decode(stage: Stage, body: unknown): unknown {
  const parsed = stageSchemas[stage].safeParse(body, atFirstFault);
  if (parsed.success) return parsed.data;
  throw new RejectedError(`not a message for the stage ${stage}: ${faults(parsed.error)}`);
}

/** zod says which type it met, never the value, so this may be logged. */
function faults({ issues }: ZodError): string {
  const named = issues.map(({ path, message }) => {
    const where = path.join('.').slice(0, MAX_PATH) || 'the whole';
    return `${where}: ${message.slice(0, MAX_MESSAGE)}`;
  });
  return named.slice(0, 3).join('; ');
}
