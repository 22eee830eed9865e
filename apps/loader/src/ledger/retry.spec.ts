import { retryAt } from './retry.js';

it.each([
  [0, '2026-11-02 04:00:00.000000'],
  [1, '2026-11-04 04:00:00.000000'],
  [2, '2026-11-08 04:00:00.000000'],
  [3, '2026-12-01 04:00:00.000000'],
  [9, '2026-12-01 04:00:00.000000'],
])('after %i tries in vain a detail is due in time for the run of that day', (tries, due) => {
  expect(retryAt(new Date('2026-11-01T10:00:00Z'), tries)).toBe(due);
});
