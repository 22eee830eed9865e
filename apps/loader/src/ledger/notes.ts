import { z } from 'zod';

/** What a batch noted beside its rows, and the sum of many: as `etl_inbox.notes` and `etl_slices.notes` hold it. */
export const notes = z.object({
  unknownFields: z.record(z.string(), z.int()).default({}),
  cleaned: z.object({ nul: z.int(), surrogates: z.int() }).default({ nul: 0, surrogates: 0 }),
  /** Rows that unique keys of an adopted table kept out, by table. */
  notStored: z.record(z.string(), z.int()).default({}),
});
export type Notes = z.infer<typeof notes>;

/** Sums notes as a database gives them back: parsed, as JSON text, or null. */
export function sumNotes(stored: Iterable<unknown>): Notes {
  const unknownFields = new Map<string, number>();
  const notStored = new Map<string, number>();
  const cleaned = { nul: 0, surrogates: 0 };
  for (const value of stored) {
    const one = notes.parse((typeof value === 'string' ? JSON.parse(value) : value) ?? {});
    addTo(unknownFields, one.unknownFields);
    addTo(notStored, one.notStored);
    cleaned.nul += one.cleaned.nul;
    cleaned.surrogates += one.cleaned.surrogates;
  }
  return { unknownFields: Object.fromEntries(unknownFields), cleaned, notStored: Object.fromEntries(notStored) };
}

function addTo(sums: Map<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
}
