import { z } from 'zod';

/** What a batch noted beside its rows, and the sum of many: as `etl_inbox.notes` and `etl_slices.notes` hold it. */
export const notes = z.object({
  unknownFields: z.record(z.string(), z.int()).default({}),
  cleaned: z.object({ nul: z.int(), surrogates: z.int() }).default({ nul: 0, surrogates: 0 }),
});
export type Notes = z.infer<typeof notes>;

/** Sums notes as a database gives them back: parsed, as JSON text, or null. */
export function sumNotes(stored: Iterable<unknown>): Notes {
  const unknownFields = new Map<string, number>();
  const cleaned = { nul: 0, surrogates: 0 };
  for (const value of stored) {
    const one = notes.parse((typeof value === 'string' ? JSON.parse(value) : value) ?? {});
    for (const [path, seen] of Object.entries(one.unknownFields)) {
      unknownFields.set(path, (unknownFields.get(path) ?? 0) + seen);
    }
    cleaned.nul += one.cleaned.nul;
    cleaned.surrogates += one.cleaned.surrogates;
  }
  return { unknownFields: Object.fromEntries(unknownFields), cleaned };
}
