import { stageSchemas, type Stage } from '#contracts';
import type { ZodError } from 'zod';

import { RejectedError } from './failures.js';

/** A body checked against the schema of its stage. Throws `RejectedError` naming the first faulty fields. */
export function decode(stage: Stage, body: unknown): unknown {
  const parsed = stageSchemas[stage].safeParse(body);
  if (parsed.success) return parsed.data;
  throw new RejectedError(`not a message for the stage ${stage}: ${faults(parsed.error)}`);
}

/** zod says which type it met, never the value, so this may be logged. */
function faults({ issues }: ZodError): string {
  const named = issues.slice(0, 3).map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  return [...named, ...(issues.length > 3 ? [`and ${issues.length - 3} more`] : [])].join('; ');
}
