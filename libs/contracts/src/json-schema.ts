import { z } from 'zod';

import { published, type Stage } from './messages.js';
import { queueOf, stages } from './topology.js';

/** A JSON Schema (draft 2020-12). */
export type JsonSchema = Record<string, unknown>;

/**
 * The schema of every published message, by file name: `raw.json`. As a sender sees it: fields with a default may be
 * missing, and fields nobody knows yet are allowed wherever messages ignore them.
 */
export function jsonSchemas(): Record<string, JsonSchema> {
  return Object.fromEntries(
    Object.entries(published).map(([name, schema]) => [
      `${name}.json`,
      { title: `etl.${name}`, description: description(name), ...z.toJSONSchema(schema, { io: 'input' }) },
    ]),
  );
}

function description(name: string): string {
  const route = stages.find(({ stage }) => stage === name);
  if (!route) return 'Replies to the stage questions';
  const { stage, laned, producers, consumer, content } = route;
  const queues = (laned ? (['live', 'backfill'] as const) : [null]).map((lane) => queueOf(stage satisfies Stage, lane));
  return `${content}. From ${producers.join(', ')} to ${consumer}; queue ${queues.join(' or ')}`;
}
