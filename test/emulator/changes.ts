import { z } from 'zod';

import { day, dictionary } from '#contracts';

const id = z.string();

/** What can happen to a tenant between two loads; the body of `POST /_emulator/changes` is one or a list of these. */
export const change = z.discriminatedUnion('change', [
  /** A person scores the session anew; it has manual scores from then on. */
  z.strictObject({ change: z.literal('scores'), id }),
  z.strictObject({ change: z.literal('drop-tags'), id }),
  z.strictObject({ change: z.literal('summary'), id }),
  z.strictObject({ change: z.literal('processed'), id }),
  z.strictObject({ change: z.literal('delete'), ids: z.array(id).min(1) }),
  z.strictObject({ change: z.literal('move'), id, day }),
  z.strictObject({ change: z.literal('late'), day, sessions: z.int().positive() }),
  z.strictObject({ change: z.literal('rename-agent'), id: z.int(), name: z.string() }),
  z.strictObject({
    change: z.literal('update-item'),
    dictionary,
    id: z.int(),
    fields: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ change: z.literal('remove-item'), dictionary, id: z.int() }),
]);
export type Change = z.infer<typeof change>;
