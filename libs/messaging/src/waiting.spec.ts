import fc from 'fast-check';

import { backoff, orAborted, pause } from './waiting.js';

it('doubles the wait up to the most, less up to half at random', () => {
  expect([0, 1, 2, 3, 50].map((attempt) => backoff(attempt, 100, 500, 0))).toEqual([100, 200, 400, 500, 500]);
  fc.assert(
    fc.property(fc.nat(2_000), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const ms = backoff(attempt, 100, 5_000, random);
      expect(ms).toBeGreaterThanOrEqual(50);
      expect(ms).toBeLessThanOrEqual(5_000);
    }),
  );
});

it('stops pausing with the reason of the abort', async () => {
  const stop = new AbortController();
  const paused = pause(60_000, stop.signal);
  stop.abort(new Error('enough'));
  await expect(paused).rejects.toThrow('enough');
  await expect(pause(60_000, stop.signal)).rejects.toThrow('enough');
});

it('does not wait longer than the signal says, and lets a late failure pass in silence', async () => {
  const stop = new AbortController();
  let fail: (error: Error) => void = () => undefined;
  const work = orAborted(new Promise<void>((_, reject) => (fail = reject)), stop.signal);
  stop.abort(new Error('enough'));
  await expect(work).rejects.toThrow('enough');
  fail(new Error('late'));
  await expect(orAborted(Promise.reject(new Error('late')), stop.signal)).rejects.toThrow('enough');
  await expect(orAborted(Promise.resolve(1), new AbortController().signal)).resolves.toBe(1);
});
