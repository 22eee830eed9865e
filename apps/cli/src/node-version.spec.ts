import { isTooOld } from './node-version.js';

it.each([
  ['18.20.0', true],
  ['20.19.5', true],
  ['22.9.0', true],
  ['22.16.0', true],
  ['22.17.0', false],
  ['24.0.0', false],
])('Node %s: too old is %p', (version, old) => {
  expect(isTooOld(version)).toBe(old);
});
