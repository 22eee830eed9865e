import { dictionaries, type Slice, type Subject } from '#contracts';

import { nextToSend, OUT_PER_LANE } from './dispatch-order.js';

const slice = (subject: Subject, index: number): Slice => ({ runId: 'r', sliceId: `s${index}`, lane: 'live', subject });
const day = (text: string): Subject => ({ kind: 'day', day: text });

it('sends dictionaries in their order, then days from the newest', () => {
  const shuffled: Subject[] = [
    day('2026-11-01'),
    ...dictionaries.toReversed().map((dictionary) => ({ kind: 'dictionary' as const, dictionary })),
    day('2026-11-20'),
  ];
  expect(nextToSend(shuffled.map(slice), 0).map(({ subject }) => subject)).toEqual([
    ...dictionaries.map((dictionary) => ({ kind: 'dictionary', dictionary })),
    day('2026-11-20'),
    day('2026-11-01'),
  ]);
});

it.each([
  [0, OUT_PER_LANE],
  [OUT_PER_LANE - 1, 1],
  [OUT_PER_LANE, 0],
  [OUT_PER_LANE + 3, 0],
])('with %d out sends %d more', (out, more) => {
  const days = Array.from({ length: 40 }, (_, index) => slice(day('2026-11-01'), index));
  expect(nextToSend(days, out)).toHaveLength(more);
});
