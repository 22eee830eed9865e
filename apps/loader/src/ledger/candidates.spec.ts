import { candidateSlices, mayBeAsked } from './candidates.js';

it.each([
  [0, 0.1, 20],
  [200, 0.1, 20],
  [201, 0.1, 20],
  [40_000, 0.1, 4_000],
  [40_000, 0, 20],
  [30, 1, 30],
])('of %i sessions, with a ratio of %d, %i may be asked after unconfirmed', (sessions, ratio, most) => {
  expect(mayBeAsked(sessions, ratio)).toBe(most);
});

it('asks after fifty sessions a slice, in the lane of their day', () => {
  const keys = Array.from({ length: 101 }, (_, index) => `key-${index}`);
  const slices = candidateSlices({ sliceId: 'r:2026-11-01', lane: 'backfill' }, '2026-11-01', keys);
  expect(slices.map(({ sliceId, lane }) => [sliceId, lane])).toEqual([
    ['r:2026-11-01:c0', 'backfill'],
    ['r:2026-11-01:c1', 'backfill'],
    ['r:2026-11-01:c2', 'backfill'],
  ]);
  const asked = slices.flatMap(({ subject }) => (subject.kind === 'sessions' ? subject.sessions : []));
  expect(asked.map(({ id }) => id)).toEqual(keys);
  expect(slices.at(-1)?.subject).toMatchObject({ kind: 'sessions', day: '2026-11-01', why: 'candidates' });
});
