import type { SliceState } from '#contracts';

import { runState, watermarkMoves, type RunState, type SliceCounts } from './run-state.js';

const slices = (counts: Partial<Record<SliceState, number>>): SliceCounts => ({
  planned: 0,
  queued: 0,
  verified: 0,
  complete: 0,
  unverified: 0,
  failed: 0,
  cancelled: 0,
  ...counts,
});

it.each<[RunState, Partial<Record<SliceState, number>>, RunState]>([
  ['open', {}, 'done'],
  ['open', { planned: 1, verified: 3 }, 'open'],
  ['open', { queued: 1, failed: 3 }, 'open'],
  ['open', { verified: 3, unverified: 1 }, 'done'],
  ['open', { verified: 3, failed: 1 }, 'failed'],
  ['failed', { verified: 4 }, 'done'],
  ['failed', { verified: 3, failed: 1 }, 'failed'],
  ['paused', { planned: 1 }, 'paused'],
  ['paused', { verified: 1 }, 'done'],
  ['cancelled', { verified: 4 }, 'cancelled'],
  ['cancelled', { queued: 4 }, 'cancelled'],
  ['joined', {}, 'joined'],
])('an %s run of %j is %s', (now, counts, state) => {
  expect(runState(now, slices(counts))).toBe(state);
});

it('moves the watermark only when all slices are closed well', () => {
  expect(watermarkMoves('done', slices({ verified: 2, complete: 1 }), 0)).toBe(true);
  expect(watermarkMoves('done', slices({ verified: 2, unverified: 1 }), 0)).toBe(true);
  expect(watermarkMoves('done', slices({ verified: 2, unverified: 1 }), 1)).toBe(false);
  expect(watermarkMoves('failed', slices({ verified: 2 }), 0)).toBe(false);
  expect(watermarkMoves('cancelled', slices({ verified: 2, cancelled: 1 }), 0)).toBe(false);
});
