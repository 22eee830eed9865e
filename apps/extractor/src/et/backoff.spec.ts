import fc from 'fast-check';

import { LONGEST_RETRY_AFTER_MS, parseRetryAfter, pauseBefore } from './backoff.js';

const now = Date.parse('2026-11-20T10:00:00Z');

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Fri, 20 Nov 2026 10:01:30 GMT', 90_000],
  ['Fri, 20 Nov 2026 09:00:00 GMT', 0],
  ['soon', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %p is %p milliseconds', (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected);
});

test('pauses double from half a second, less up to half by chance', () => {
  const longest = [1, 2, 3, 4, 9].map((tried) => pauseBefore(tried, undefined, () => 1));
  expect(longest).toEqual([500, 1000, 2000, 4000, 15_000]);
  expect(pauseBefore(1, undefined, () => 0)).toBe(250);
});

test('what ET asks for is obeyed, for five minutes at most', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.integer({ min: 1, max: 10 }), (asked, tried) => {
      expect(pauseBefore(tried, asked, Math.random)).toBe(Math.min(asked, LONGEST_RETRY_AFTER_MS));
    }),
  );
});
