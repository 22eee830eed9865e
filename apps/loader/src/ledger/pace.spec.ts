import { eta } from './pace.js';

it.each([
  ['ten days left at one a minute', 10, 5, 300, 600],
  ['less than a second', 1, 900, 300, 0],
  ['nothing left', 0, 5, 300, null],
  ['nothing closed yet', 10, 0, 300, null],
  ['no time passed yet', 10, 5, 0, null],
])('%s', (_what, left, closed, seconds, expected) => {
  expect(eta(left, closed, seconds)).toBe(expected);
});
