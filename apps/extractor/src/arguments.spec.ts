import { modeOf } from './arguments.js';

test.each([
  [[], 'service'],
  [['--once'], 'once'],
  [['--once', '--wait'], 'once and wait'],
  [['--wait', '--once'], 'once and wait'],
  [['--help'], 'help'],
])('%j: %s', (args, mode) => {
  expect(modeOf(args)).toBe(mode);
});

test.each([
  [['--wait'], 'needs --once'],
  [['--twice'], '--twice'],
  [['once'], 'once'],
])('%j is refused', (args, why) => {
  expect(() => modeOf(args)).toThrow(why);
});
