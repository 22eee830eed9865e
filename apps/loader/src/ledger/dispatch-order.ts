import { dictionaries, type Slice } from '#contracts';

/** Slices of one lane that may be out at a time: the broker carries only what is in hand. */
export const OUT_PER_LANE = 16;

/** Dictionaries first, in the order in which tables refer to them; then days, the newest first. */
export function byUrgency(a: Slice, b: Slice): number {
  return place(a) - place(b) || dayOf(b).localeCompare(dayOf(a)) || a.sliceId.localeCompare(b.sliceId);
}

/** What is sent next where `out` slices of the lane are out already. */
export function nextToSend(planned: readonly Slice[], out: number): Slice[] {
  return planned.toSorted(byUrgency).slice(0, Math.max(0, OUT_PER_LANE - out));
}

function place({ subject }: Slice): number {
  return subject.kind === 'dictionary' ? dictionaries.indexOf(subject.dictionary) : dictionaries.length;
}

function dayOf({ subject }: Slice): string {
  return subject.kind === 'dictionary' ? '' : subject.day;
}
